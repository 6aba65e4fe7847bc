package rollback

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"regatta/model/image"
	"regatta/model/order"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
)

// Rank says why an image is a candidate, the best reason first.
type Rank uint8

// The ranks.
const (
	WasHere   Rank = iota // the tag pointed to it
	Runs                  // what follows the tag runs it
	Version               // it is a version before the one that is there
	Elsewhere             // something else runs it
	Earlier               // it was pushed before the one that is there
)

// Candidate is an image to go back to. Image is what the listing says of it; only
// its digest is certain.
type Candidate struct {
	Digest ref.Digest
	Tags   []string
	Rank   Rank
	Since  time.Time // when the tag pointed to it last, as far as known
	Until  time.Time
	Reason string
	Bad    bool // it was rolled back from before
	Image  image.Image
}

// Candidates are the images to go back to, the best first: those that the tag
// pointed to, the newest first; then what its followers run, what is a version
// before the present one, what runs elsewhere, and what was pushed before. What
// was rolled back from comes last.
func Candidates(f Facts) []Candidate {
	c := collection{
		Facts: f, at: map[ref.Digest]int{}, names: f.tags(), sick: f.bad(), images: map[ref.Digest]image.Image{},
	}
	for _, img := range f.Images {
		c.images[img.Digest] = img
	}
	c.former()
	c.running(Runs)
	c.versions()
	c.running(Elsewhere)
	c.earlier()
	slices.SortStableFunc(c.all, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b2i(a.Bad), b2i(b.Bad)), cmp.Compare(a.Rank, b.Rank))
	})
	return c.all
}

type collection struct {
	Facts

	at     map[ref.Digest]int
	names  map[ref.Digest][]string
	sick   map[ref.Digest]bool
	images map[ref.Digest]image.Image
	all    []Candidate
}

// add takes an image in for its best reason; further reasons are added to it.
func (c *collection) add(d ref.Digest, r Rank, reason string) *Candidate {
	if d == "" || d == c.Current {
		return nil
	}
	if i, ok := c.at[d]; ok {
		if r != Earlier && !strings.Contains(c.all[i].Reason, reason) {
			c.all[i].Reason += "; " + reason
		}
		return nil
	}
	c.at[d] = len(c.all)
	one := Candidate{Digest: d, Tags: c.others(c.names[d]), Rank: r, Reason: reason, Bad: c.sick[d], Image: c.images[d]}
	if one.Bad {
		one.Reason = "rolled back from before; " + reason
	}
	c.all = append(c.all, one)
	return &c.all[len(c.all)-1]
}

func (c *collection) former() {
	previous := true
	for _, e := range History(c.Facts) {
		if e.Source == Pinned {
			continue // what runs says it better
		}
		reason := c.Tag.Tag + " pointed to it"
		switch {
		case e.Source == Deployed:
			reason = e.Text
		case previous && e.Digest != c.Current:
			reason, previous = "previous digest of "+c.Tag.Tag, false
		}
		if one := c.add(e.Digest, WasHere, reason+period(e, c.Now)); one != nil {
			one.Since, one.Until = e.Since, e.Until
		}
	}
}

// period is for how long, and until when.
func period(e Entry, now time.Time) string {
	switch {
	case e.Until.IsZero():
		return ""
	case ahead(e.Until, now):
		return ", until " + text.Ago(e.Until, now)
	case e.Until.After(now):
		return ""
	}
	ended := "until " + text.Ago(e.Until, now)
	if !e.Ended {
		ended = "seen " + ended
	}
	if e.Since.IsZero() || e.Until.Sub(e.Since) < time.Second {
		return ", " + ended
	}
	return fmt.Sprintf(", for %s, %s", text.Age(e.Since, e.Until), ended)
}

// ahead reports whether a time is of a clock that is ahead of this machine's.
func ahead(then, now time.Time) bool { return then.Sub(now) > text.ClockSlack }

// running adds what runs, of one rank: the best reason has to come first.
func (c *collection) running(wanted Rank) {
	for _, u := range usage.Merge(c.Uses) {
		if u.Image.Digest == "" || u.How == usage.Listed || u.How == usage.Task && c.deployed(u) {
			continue
		}
		rank := Elsewhere
		if u.Image.Tag == c.Tag.Tag || u.Image.Tag == "" && !c.beside(u) {
			rank = Runs
		}
		if rank == wanted {
			c.add(u.Image.Digest, rank, u.String())
		}
	}
}

// deployed reports whether what a task runs is told by its service too, and
// better: a machine may name the part of an index that it has pulled.
func (c *collection) deployed(task usage.Use) bool {
	return slices.ContainsFunc(c.Uses, func(u usage.Use) bool {
		return u.How == usage.Deployment && u.Source == task.Source && u.Scope == task.Scope && u.Place == task.Place
	})
}

// beside reports whether what is named by its digest stands beside something of the
// same workload that follows a tag: then it is another part of it.
func (c *collection) beside(pinned usage.Use) bool {
	return slices.ContainsFunc(c.Uses, func(u usage.Use) bool {
		return u.Image.Tag != "" && u.Source == pinned.Source && u.Scope == pinned.Scope && u.Place == pinned.Place
	})
}

// versions are those of a lower version than the present one, the highest first:
// from a release to releases before pre-releases.
func (c *collection) versions() {
	now := order.Best(c.names[c.Current])
	if now.Class() != order.Version {
		return
	}
	best := map[ref.Digest]order.Key{}
	for d, tags := range c.names {
		if k := order.Best(tags); k.Class() == order.Version && k < now && d != c.Current {
			best[d] = k
		}
	}
	draft := func(k order.Key) int { return b2i(!k.Final() && now.Final()) }
	newer := func(a, b order.Key) int { return cmp.Or(cmp.Compare(draft(a), draft(b)), cmp.Compare(b, a)) }
	for _, d := range sortedBy(best, newer) {
		c.add(d, Version, fmt.Sprintf("%s, a version before %s", newest(c.names[d]), newest(c.names[c.Current])))
	}
}

// newest is the tag of the highest order.
func newest(tags []string) string {
	return slices.MaxFunc(tags, func(a, b string) int { return cmp.Compare(order.Of(a), order.Of(b)) })
}

// earlier are the images that were pushed before the present one, newest first.
func (c *collection) earlier() {
	now := c.images[c.Current].Pushed
	pushed := map[ref.Digest]time.Time{}
	for d, img := range c.images {
		if len(img.Tags) > 0 && !now.IsZero() && img.Pushed.Before(now) && img.Kind != image.KindArtifact &&
			!slices.ContainsFunc(img.Tags, accompanies) {
			pushed[d] = img.Pushed
		}
	}
	for _, d := range sortedBy(pushed, func(a, b time.Time) int { return b.Compare(a) }) {
		c.add(d, Earlier, "pushed "+text.Ago(pushed[d], c.Now))
	}
}

// accompanies reports whether a tag is that of a signature or the like.
func accompanies(tag string) bool {
	_, ok := image.ParseCompanion(tag)
	return ok
}

// sortedBy are the keys in the order of their values, and of themselves where
// these are equal.
func sortedBy[V any](m map[ref.Digest]V, compare func(a, b V) int) []ref.Digest {
	out := make([]ref.Digest, 0, len(m))
	for d := range m {
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b ref.Digest) int { return cmp.Or(compare(m[a], m[b]), cmp.Compare(a, b)) })
	return out
}

// Name is how the candidate is called: by its first tag, or its digest.
func (c Candidate) Name() string {
	if len(c.Tags) > 0 {
		return c.Tags[0]
	}
	return c.Digest.Short()
}
