package run

import (
	"context"

	"golang.org/x/sync/errgroup"

	"regatta/model/plan"
)

// Up to how many of a kind are looked at one by one, as soon as they are done.
const (
	fewUntags  = 16 // a list of all tags costs more than that
	fewDeletes = 64
)

// provesLater reports whether a step that the registry says is done is looked at
// in the end, with all others. A delete that other steps wait for is looked at
// before they start: what it refers to may not go before it.
func (r *Run) provesLater(i int) bool {
	if r.proving || r.doubt[i] {
		return false
	}
	switch r.plan.Steps[i].Kind { //nolint:exhaustive // the others are looked at one by one
	case plan.Untag:
		return r.kinds[plan.Untag] > fewUntags
	case plan.Delete:
		return r.kinds[plan.Delete] > fewDeletes && len(r.after[i]) == 0
	}
	return false
}

// prove looks at what the registry only said was done. What is still there is
// removed once more, with a look before and after.
func (s *schedule) prove(ctx context.Context) {
	if len(s.later) == 0 {
		return
	}
	s.proving = true
	left := append(s.tagsLeft(ctx), s.manifestsLeft(ctx)...)
	ends := make([]ending, len(left))
	s.meanwhile(len(left), func(n int) { ends[n] = s.step(ctx, left[n]) })
	for _, e := range ends {
		s.meter.again()
		s.left++
		s.note(e)
	}
}

// meanwhile does something n times, as many at a time as there may be steps
// under way.
func (s *schedule) meanwhile(n int, do func(n int)) {
	var group errgroup.Group
	group.SetLimit(handsPerSlot * cap(s.slots))
	for k := range n {
		group.Go(func() error {
			do(k)
			return nil
		})
	}
	_ = group.Wait() // none fails
}

// laterOf are the steps of a kind that are looked at in the end.
func (s *schedule) laterOf(k plan.Kind) []int {
	var out []int
	for _, i := range s.later {
		if s.plan.Steps[i].Kind == k {
			out = append(out, i)
		}
	}
	return out
}
