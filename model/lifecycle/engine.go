package lifecycle

import (
	"time"

	"regatta/model/ref"
)

// engine decides over a repository whose images come and go.
type engine struct {
	rules    []Rule
	on       Switches
	standard ruleSet // the rules for images that are not in the archive
	archive  ruleSet // and for those that are
	counting ruleSet // the rules that count images
	entries  []entry
	digests  []ref.Digest // by entry
	order    []int32      // the newest first
	links    []link       // from indexes to children
	parents  adjacent     // the indexes that list an image
	subjects []int32      // by entry: what it is a referrer of, or nothing; nil if none is
}

func newEngine(p Policy, images []Image, on Switches) *engine {
	e := &engine{
		rules: p.rules, on: on, entries: make([]entry, len(images)), digests: make([]ref.Digest, len(images)),
	}
	for at, r := range p.rules {
		if r.Selection.Class == Archive {
			e.archive |= 1 << at
		} else {
			e.standard |= 1 << at
		}
		if r.Selection.CountType == ImageCountMoreThan {
			e.counting |= 1 << at
		}
	}
	m := newMatcher(p, on[CaseSensitive])
	for i := range images {
		e.entries[i] = newEntry(&images[i], on)
		e.entries[i].match = m.match(images[i].Tags)
		e.digests[i] = images[i].Digest
	}
	e.connect(images)
	e.sort()
	return e
}

// selecting is the rules that select the image.
func (e *engine) selecting(x *entry) ruleSet {
	if x.archived {
		return x.match & e.archive
	}
	return x.match & e.standard
}

// cutoffs are, by rule, the times before which an image is too old.
func (e *engine) cutoffs(now time.Time) []instant {
	from := instantOf(now)
	if e.on[ExactDays] {
		from = instantOf(now.UTC().Truncate(day))
	}
	out := make([]instant, len(e.rules))
	for i, r := range e.rules {
		n := instant(r.Selection.CountNumber)
		if out[i] = from - n*instant(day); n > maxDays || out[i] > from {
			out[i] = earliest
		}
	}
	return out
}

const (
	day     = 24 * time.Hour
	maxDays = instant(1<<63-1) / instant(day)
)
