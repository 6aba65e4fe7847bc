package run

import (
	"context"

	"regatta/model/plan"
)

// Which of many deletes are looked at where all of them keep what the registry
// said: the first, and one in so many of the others.
const (
	firstSpots = 32
	spotEvery  = 16
)

// manifestsLeft are the deletes that did not take their manifest away. No list
// shows manifests without tags, and a look at each takes half as long again as
// deleting it, so a registry that answers 202, which by the OCI specification
// says that it is done, is looked at in spots. One manifest that is still there,
// or cannot be looked at, and every one is.
func (s *schedule) manifestsLeft(ctx context.Context) []int {
	all := s.laterOf(plan.Delete)
	var spots, others []int
	for n, i := range all {
		if n < firstSpots || n%spotEvery == 0 {
			spots = append(spots, i)
		} else {
			others = append(others, i)
		}
	}
	left := s.lookAll(ctx, spots)
	if len(left) > 0 {
		left = append(left, s.lookAll(ctx, others)...)
	}
	return left
}

// lookAll are those of the deletes whose manifest is not known to be gone.
func (s *schedule) lookAll(ctx context.Context, deletes []int) []int {
	there := make([]bool, len(deletes))
	s.meanwhile(len(deletes), func(n int) {
		s.slots <- struct{}{}
		defer func() { <-s.slots }()
		at, err := s.lookBack(ctx, deletes[n])
		there[n] = err != nil || at != wanted
	})
	var left []int
	for n, i := range deletes {
		if there[n] {
			left = append(left, i)
		}
	}
	return left
}
