package plan

import (
	"cmp"
	"slices"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

// Presence says of content whether the registry has it. What it does not name
// was not asked for.
type Presence map[Place]bool

// Verdict says whether a run can be undone.
type Verdict string

// The verdicts.
const (
	Possible Verdict = "possible" // all of it, or there is nothing to undo
	Unsure   Verdict = "unsure"   // all of it, as far as the registry does what nobody knows that it does
	Partial  Verdict = "partial"  // some of it
	Gone     Verdict = "gone"     // none of it
)

// Ask is content whose presence the verdict depends on and that was not asked
// for yet.
type Ask struct {
	Place

	Blob bool  // a config or layer, else a manifest
	Size int64 // of a blob, in bytes: one of another size is not it; 0: not known
	// Whole asks of a manifest also for its config and layers.
	Whole bool
	// Elsewhere asks which other repository has the blob, as its own does not.
	Elsewhere bool
}

// Sources are repositories of the registry that have blobs which others lack; empty
// where none has. What it does not name was not asked for.
type Sources map[ref.Digest]string

// Undo is the plan that undoes a run. Its plan's Lost says what cannot be
// brought back. While there are Asks the verdict is provisional: ask the
// registry for them and call Inverse again, until there are none.
type Undo struct {
	Plan    Plan
	Verdict Verdict
	Asks    []Ask
	// Refused is why the undo is not carried out unless that is asked for: it takes
	// away what runs, or may.
	Refused error
}

// Inverse plans to put back what a run changed: manifests, children before
// their index and subjects before their referrers, then tags, each only if it
// still is where the run left it; last, what the run itself had put there goes. What is
// not whole any more goes back as it was, if the registry takes it.
// The undo of an undo is the Inverse of its run.
func Inverse(r Ran, seen Presence, can Capabilities, o Options) Undo {
	return inverse(r, recordOf(r), seen, can, o, false)
}

// inverse is Inverse with what is kept of manifests; ahead says that the run has not begun.
func inverse(r Ran, kept memory, seen Presence, can Capabilities, o Options, ahead bool) Undo {
	u := &undoing{
		ahead: ahead,
		ran:   r, kept: kept, seen: seen, can: can, did: r.effects(), puts: map[Place]*put{}, asks: map[Ask]bool{},
		blobs: map[Place]source{},
		plan:  Plan{Registry: r.Plan.Registry, Repository: r.Plan.Repository, CreatedAt: o.At.UTC()},
		gaps:  map[Place]string{}, hollow: map[Place]bool{}, at: map[Place]int{}, leaves: map[Place][]int{},
		record: recordOf(r),
	}
	u.restore()
	u.retag()
	u.retract()
	u.policies()
	u.storages()
	u.deploy()
	u.plan.Risks = o.Rules.risks(u.effect())
	h := u.harm(o)
	if !u.plan.Empty() {
		guard(&u.plan, h, o)
	}
	u.plan.Estimated = slices.ContainsFunc(u.plan.Steps, func(s Step) bool { return s.Kind == Delete })
	v := u.view(u.plan.Repository)
	refused, unknown := v.undoAsks(u.plan)
	u.plan.Untried = len(refused)+len(unknown) > 0
	v.recall(&u.plan)
	u.plan.Notes = append(u.plan.Notes, v.untried(u.plan)...)
	if len(u.asks) > 0 {
		u.plan.Notes = append(u.plan.Notes, "nobody has looked yet whether the registry still has everything that this needs")
	}
	out := Undo{Plan: u.plan, Verdict: u.verdict(), Refused: v.permit(h, o)}
	for a := range u.asks {
		out.Asks = append(out.Asks, a)
	}
	slices.SortFunc(out.Asks, func(a, b Ask) int { return comparePlaces(a.Place, b.Place) })
	return out
}

type undoing struct {
	ran    Ran
	kept   memory
	record recorded
	seen   Presence
	can    Capabilities
	ahead  bool
	did    effects
	puts   map[Place]*put
	blobs  map[Place]source // to bring from elsewhere
	bare   []Place          // what tags go back to that is there, and lacks blobs
	asks   map[Ask]bool
	plan   Plan
	at     map[Place]int    // the step that puts a manifest
	leaves map[Place][]int  // the steps that take tags away from a manifest
	gaps   map[Place]string // what is not there of manifests
	hollow map[Place]bool   // manifests of which content is known to be gone
}

func (u *undoing) view(repository string) View {
	return View{Registry: u.plan.Registry, Repository: repository, Can: u.can}
}

func (u *undoing) lose(d ref.Digest, tags []string, reason string) {
	u.plan.Lost = append(u.plan.Lost, Lost{Digest: d, Tags: tags, Reason: reason})
}

// retag points tags back at what they pointed to before the run.
func (u *undoing) retag() {
	for _, t := range u.did.sortedMoves() {
		m := u.did.moves[t]
		if m.before == "" {
			continue
		}
		to := Place{Repository: t.repository, Digest: m.before}
		why := u.obstacle(to)
		if why == "" && u.isSchema1(m.before) {
			why = isSchema // to set a tag is to push
		}
		if why != "" {
			if !u.did.removed[to] { // else it is named already, with its tags
				u.lose(m.before, []string{t.tag}, why)
			}
			continue
		}
		if u.gone(to) && m.after != "" {
			continue // a tag does not leave an image for one that cannot be pulled: it is named as lost
		}
		s := Step{
			Kind: Retag, Reference: u.view(t.repository).tag(t.tag), Digest: m.before,
			Expect: Expect{Tag: t.tag, Digest: m.after}, Reason: backTo(m), Unchecked: true,
		}
		s.After = u.putFor(to)
		if m.after != "" {
			from := Place{Repository: t.repository, Digest: m.after}
			u.leaves[from] = append(u.leaves[from], len(u.plan.Steps))
		}
		u.plan.Steps = append(u.plan.Steps, s)
	}
}

// putFor are the steps that put a manifest that a tag goes back to, or what it lists and
// lacks.
func (u *undoing) putFor(to Place) []int {
	if at, ok := u.at[to]; ok {
		return []int{at}
	}
	out := u.broughtFor(to)
	m, _ := u.kept.recall(to.Digest)
	for _, c := range m.Children {
		if at, ok := u.at[Place{Repository: to.Repository, Digest: c.Digest}]; ok {
			out = append(out, at)
		}
	}
	return out
}

func (u *undoing) isSchema1(d ref.Digest) bool {
	m, _ := u.kept.recall(d)
	return m.Kind == image.KindSchema1
}

func backTo(m move) string {
	if m.after == "" {
		return "puts the tag back on " + m.before.Short()
	}
	return "moves the tag back from " + m.after.Short()
}

// Without is the undo that says of tags that they vanished during the run and do not come
// back: whether that was meant is not for it to decide.
func (u Undo) Without(gone []ref.Reference) Undo {
	for _, at := range gone {
		u.Plan.Lost = append(slices.Clip(u.Plan.Lost), Lost{
			Digest: at.Digest, Tags: []string{at.Tag},
			Reason: "the tag vanished during the run, and the run did not take it along: regatta retag sets it again",
		})
	}
	switch {
	case len(gone) > 0 && u.Plan.Empty():
		u.Verdict = Gone
	case len(gone) > 0 && u.Verdict != Gone:
		u.Verdict = Partial
	}
	return u
}

// Unlooked is the undo that says of tags which vanished during the run that it is not
// known whether they are there again.
func (u Undo) Unlooked(tags []ref.Reference) Undo {
	for _, at := range tags {
		u.Plan.Lost = append(slices.Clip(u.Plan.Lost), Lost{
			Digest: at.Digest, Tags: []string{at.Tag}, Maybe: true,
			Reason: "the tag vanished during the run, and was not looked at: regatta retag sets it again",
		})
	}
	if len(tags) > 0 && u.Verdict != Gone {
		u.Verdict = Partial
	}
	return u
}

const notSeen = "it is not known whether the registry still has what this needs: "

// Unseen is the undo with the remark that not everything was looked at that it needs.
func (u Undo) Unseen(parts int, why string) Undo {
	if parts > 0 {
		u.Plan.Notes = append(slices.Clip(u.Plan.Notes), notSeen+
			text.Plural(parts, "part of it was", "parts of it were")+" not looked at: "+why)
	}
	return u
}

func (u *undoing) verdict() Verdict {
	switch {
	case len(u.plan.Lost) == 0 && u.plan.Untried:
		return Unsure
	case len(u.plan.Lost) == 0:
		return Possible
	case len(u.plan.Steps) == 0:
		return Gone
	}
	return Partial
}

func (u *undoing) effect() effect {
	e := effect{name: ref.Digest.Short, moves: true}
	for _, s := range u.plan.Steps {
		switch s.Kind {
		case Put, CopyBlob, Pull:
			continue
		case LifecyclePolicy, Archive, Restore, Deploy:
		case Delete:
			e.deletes++
			e.tags = append(e.tags, s.Tags...)
			e.tagged = append(e.tagged, u.plan.along(s)...)
		case Retag, Untag, UntagByDummy:
			e.tags = append(e.tags, s.Reference.Tag)
		}
		e.count++
	}
	slices.Sort(e.tags)
	slices.Sort(e.tagged)
	e.tags, e.tagged = slices.Compact(e.tags), slices.Compact(e.tagged)
	e.count = cmp.Or(e.count, len(u.plan.Steps))
	return e
}
