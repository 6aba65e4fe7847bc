package lifecycle

import (
	"math/bits"
	"slices"
	"time"
)

// why is what a decision rests on.
type why uint8

const (
	noRule     why = iota // no rule selects the image
	spared                // a rule selects it and does not mark it
	marked                // a rule marks it
	referenced            // a rule would mark it; an index needs it
	follows               // its subject goes
)

// decision is what happens to one image in one run.
type decision struct {
	why    why
	rule   int8  // the first rule that selects it, or that takes its subject; -1: none
	shield int8  // the first rule after it that would mark the image; -1: none
	place  int32 // among the images that the rule counts, from 1; 0: not counted
	other  int32 // the index that references it, or its subject
}

// run is one evaluation of all images.
type run struct {
	*engine

	at        instant
	cut       []instant
	decisions []decision
	counted   []int32   // by rule: images so far
	edge      []instant // by rule: the time of the last image that is kept by count
	tied      []bool    // by rule: the first that is not has the same time
}

// together is how many images are read before they are decided on.
const together = 32

// decide evaluates all rules over all images and applies them by priority.
func (e *engine) decide(now time.Time) *run {
	n := len(e.rules)
	r := &run{
		engine: e, at: instantOf(now), cut: e.cutoffs(now), decisions: make([]decision, len(e.entries)),
		counted: make([]int32, n), edge: make([]instant, n), tied: make([]bool, n),
	}
	for some := range slices.Chunk(e.order, together) {
		var entries [together]entry // read at once: one by one, each waits for memory
		for at, i := range some {
			entries[at] = e.entries[i]
		}
		for at, i := range some {
			if entries[at].there(r.at) {
				r.decisions[i] = r.one(i, &entries[at])
			}
		}
	}
	r.protect()
	r.follow()
	return r
}

// one decides by the rules alone. All of them see the image; the first that
// selects it decides, whether it marks the image or not.
func (r *run) one(i int32, e *entry) decision {
	selected := r.selecting(e)
	d := decision{rule: -1, shield: -1}
	counts := r.takesPlace(i, e)
	if counts {
		for rest := selected & r.counting; rest != 0; rest &= rest - 1 {
			r.count(bits.TrailingZeros64(uint64(rest)), e)
		}
	}
	for rest := selected; rest != 0; rest &= rest - 1 {
		at := bits.TrailingZeros64(uint64(rest))
		marks := r.marks(at, e, counts)
		if d.rule < 0 {
			d.rule, d.why = int8(at), spared //nolint:gosec // below MaxRules
			if counts {
				d.place = r.counted[at]
			}
			if marks {
				d.why = marked
				break
			}
		} else if marks {
			d.shield = int8(at) //nolint:gosec // below MaxRules
			break
		}
	}
	return d
}

func (r *run) count(rule int, e *entry) {
	r.counted[rule]++
	switch keeps := r.rules[rule].Selection.CountNumber; int(r.counted[rule]) {
	case keeps:
		r.edge[rule] = e.times[byCount]
	case keeps + 1:
		r.tied[rule] = e.times[byCount] == r.edge[rule]
	}
}

func (r *run) marks(rule int, e *entry, counted bool) bool {
	s := &r.rules[rule].Selection
	if s.CountType == ImageCountMoreThan {
		return counted && int(r.counted[rule]) > s.CountNumber
	}
	return e.times[s.CountType.basis()] < r.cut[rule]
}

// takesPlace tells whether rules that count images count this one.
func (r *run) takesPlace(i int32, e *entry) bool {
	switch {
	case r.on[ReferrersCounted] && e.referrer:
		return false
	case r.on[ChildrenCounted]:
		_, child := r.holder(i, r.holds)
		return !child
	}
	return true
}
