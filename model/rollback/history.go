package rollback

import (
	"cmp"
	"slices"
	"time"

	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
)

// Source is where it is known from what a tag pointed to.
type Source string

// The sources, the surest first.
const (
	Journal Source = "journal" // a change that this machine made
	// Deployed is a deployment that has settled, and ran what the tag pointed to
	// when it began.
	Deployed Source = "deployed"
	Seen     Source = "seen"   // the registry said so when somebody looked
	Pinned   Source = "pinned" // whatever runs the tag has looked it up so
)

// Entry says that a tag pointed to a digest. Since and Until are when that began
// and ended where Began and Ended say so, else the first and the last time that
// it was seen. Until is zero for what it points to now, both are where no time is
// known.
type Entry struct {
	Digest       ref.Digest
	Since, Until time.Time
	Began, Ended bool
	Source       Source
	Text         string // who says so
}

// History is what the tag pointed to, newest first. What several sources say of
// one period is there once, by the surest of them.
func History(f Facts) []Entry {
	var out []Entry
	for _, e := range slices.Concat(f.journalled(), f.deployed(), f.sighted(), f.pinned()) {
		same := func(o Entry) bool { return o.Digest == e.Digest && overlap(o, e) }
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i] = widen(out[i], e)
			continue
		}
		out = append(out, e)
	}
	for i := range out {
		later := func(o Entry) bool { return o.Since.After(out[i].Since) && !ahead(o.Since, f.Now) }
		switch e := &out[i]; {
		case e.Digest == f.Current && !slices.ContainsFunc(out, later):
			e.Until = time.Time{}
		case !e.Until.IsZero() && e.Until.Before(e.Since): // by two clocks
			e.Since, e.Began = e.Until, false
		}
	}
	leads := map[Source]time.Duration{Deployed: lead(f.settled(), f.Now), Seen: lead(f.looked(), f.Now)}
	slices.SortStableFunc(out, func(a, b Entry) int {
		now := func(e Entry) int { return b2i(e.Digest == f.Current && e.Until.IsZero()) }
		last := func(e Entry) time.Time { return e.last().Add(-leads[e.Source]) }
		return cmp.Or(cmp.Compare(now(b), now(a)), last(b).Compare(last(a)))
	})
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// last is the newest time that an entry speaks of.
func (e Entry) last() time.Time {
	if e.Until.After(e.Since) {
		return e.Until
	}
	return e.Since
}

func overlap(a, b Entry) bool {
	if a.Since.IsZero() || b.Since.IsZero() {
		return true
	}
	ends := func(e Entry) time.Time {
		if e.Until.IsZero() && (e.Began || e.Source == Deployed) { // a deployment that is there still
			return time.Unix(1<<40, 0)
		}
		return e.last()
	}
	return !ends(a).Before(b.Since) && !ends(b).Before(a.Since)
}

// widen adds what another source says of the same period.
func widen(a, b Entry) Entry {
	if !b.Since.IsZero() && (a.Since.IsZero() || !a.Began && b.Since.Before(a.Since)) {
		a.Since = b.Since
	}
	if !a.Ended && b.Until.After(a.Until) {
		a.Until = b.Until
	}
	return a
}

// move is a tag that a step has set, or taken away where to is empty.
type move struct {
	at       ref.Reference
	from, to ref.Digest
	when     time.Time
}

// movesOf are the changes of tags that a run has made.
func movesOf(r journal.Run) []move {
	var out []move
	for i, s := range r.Plan.Steps {
		if i >= len(r.Steps) || r.Steps[i].Outcome != plan.Done || s.Reference.Tag == "" {
			continue
		}
		m := move{at: s.Reference, from: s.Expect.Digest, when: r.Steps[i].Ended}
		switch s.Kind { //nolint:exhaustive // the others set no tag
		case plan.Retag:
			m.to = s.Digest
		case plan.Untag, plan.UntagByDummy:
		default:
			continue
		}
		out = append(out, m)
	}
	return out
}

// moves are the changes of the tag, the newest first. Where a clock was ahead when one
// was made, they are in the order in which they were begun, and none is later than
// the one after it.
func (f Facts) moves() []move {
	var out []move
	for _, r := range f.Runs {
		for _, m := range movesOf(r) {
			if m.at == f.Tag {
				out = append(out, m)
			}
		}
	}
	if !slices.ContainsFunc(out, func(m move) bool { return ahead(m.when, f.Now) }) {
		slices.SortStableFunc(out, func(a, b move) int { return b.when.Compare(a.when) })
		return out
	}
	for i := range out[1:] {
		if newer := out[i].when; out[i+1].when.After(newer) {
			out[i+1].when = newer
		}
	}
	return out
}

// journalled is what the changes of this machine say.
func (f Facts) journalled() []Entry {
	moves := f.moves()
	var out []Entry
	for i, m := range moves {
		if m.to != "" {
			e := Entry{Digest: m.to, Since: m.when, Began: true, Source: Journal, Text: "set from this machine"}
			if i > 0 {
				e.Until, e.Ended = moves[i-1].when, true
			}
			out = append(out, e)
		}
		if m.from != "" && (i+1 == len(moves) || moves[i+1].to != m.from) {
			out = append(out, Entry{
				Digest: m.from, Until: m.when, Ended: true, Source: Journal, Text: "replaced from this machine",
			})
		}
	}
	return out
}

// deployed is what the deployments of the services that follow the tag say: each
// ran until the next one had settled.
func (f Facts) deployed() []Entry {
	var out []Entry
	next := map[string]time.Time{} // the newer deployment's end, by service
	for _, p := range f.Past {
		if !p.Stable || p.Digest == "" {
			continue
		}
		e := Entry{Digest: p.Digest, Since: p.Began, Source: Deployed, Text: "ran in " + p.Place}
		if until, ok := next[p.Place]; ok {
			e.Until, e.Ended = until, true
		}
		next[p.Place] = p.Ended
		out = append(out, e)
	}
	return out
}

func (f Facts) sighted() []Entry {
	var out []Entry
	for _, s := range f.Seen {
		out = append(out, Entry{Digest: s.Digest, Since: s.First, Until: s.Last, Source: Seen, Text: "seen at the registry"})
	}
	return out
}

// pinned are the digests that tasks and deployments have looked the tag up to.
func (f Facts) pinned() []Entry {
	var out []Entry
	for _, u := range f.Uses {
		if u.Image.Tag == f.Tag.Tag && u.Image.Digest != "" {
			out = append(out, Entry{Digest: u.Image.Digest, Source: Pinned, Text: u.String()})
		}
	}
	return out
}
