package run

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"regatta/model/plan"
)

// Where more than a few of a kind are done, the first of them are looked at one by
// one as soon as they are done, and of the others one in so many: a registry that
// answers 202 says by the OCI specification that it is done, and one that only says
// so is found out by the first look. Then nothing that it said counts.
const (
	fewUntags   = 16 // a list of all tags costs more than that
	firstUntags = 8
	untagsApart = 32

	fewDeletes   = 64
	firstDeletes = 32
	deletesApart = 16
)

// provesLater reports whether a step that the registry says is done is not looked
// at by itself. A delete that other steps wait for is looked at before they start:
// what it refers to may not go before it.
func (r *Run) provesLater(i int) bool {
	if r.proving || r.doubt[i] || r.lies.Load() {
		return false
	}
	n := r.nth[i]
	switch k := r.plan.Steps[i].Kind; k { //nolint:exhaustive // the others are looked at one by one
	case plan.Untag:
		return r.kinds[k] > fewUntags && n >= firstUntags && n%untagsApart != 0
	case plan.Delete:
		return r.kinds[k] > fewDeletes && len(r.after[i]) == 0 && n >= firstDeletes && n%deletesApart != 0
	}
	return false
}

// lied notes that the registry has said that something is done which is not.
func (r *Run) lied() { r.lies.Store(true) }

// prove looks at what the registry only said was done. One list shows of the tags
// that they are gone. The manifests, which no list shows, are only looked at where
// the registry was found to say what is not so: then what is still there is removed
// once more, with all the looks of a first time.
func (s *schedule) prove(ctx context.Context) {
	if len(s.later) == 0 || ctx.Err() != nil && !s.lies.Load() {
		return
	}
	s.proving = true
	left := s.tagsLeft(ctx)
	if s.lies.Load() {
		left = append(left, s.lookAll(ctx, s.laterOf(plan.Delete))...)
	}
	ends := make([]ending, len(left))
	s.meanwhile(len(left), func(n int) { ends[n] = s.again(ctx, left[n]) })
	for _, e := range ends {
		s.meter.again()
		s.left++
		s.note(e)
	}
}

// errThere says of a tag that the registry has removed, and of which it was never
// found to say what is not so.
var errThere = errors.New("the tag is there, on the same image: set again since it was removed, or never removed")

// again is how a step ends that seems not to be done. It is done once more only
// where the registry was found out: else somebody may have put back what is there.
func (s *schedule) again(ctx context.Context, i int) ending {
	if s.lies.Load() {
		return s.step(ctx, i)
	}
	e := ending{step: i, outcome: plan.Done}
	at, err := s.lookBack(ctx, i)
	switch {
	case err == nil && at == before:
		e.outcome, e.err = plan.Failed, errThere
	case err != nil && !isDrift(err):
		e.outcome, e.err, e.unsure = plan.Failed, unsure(nil, err), true
	}
	if e.err != nil {
		e.fatal = s.jour.Settle(context.WithoutCancel(ctx), s.id, i, e.written(), sentence(e.err))
	}
	return e
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

// laterOf are the steps of a kind that were not looked at.
func (s *schedule) laterOf(k plan.Kind) []int {
	var out []int
	for _, i := range s.later {
		if s.plan.Steps[i].Kind == k {
			out = append(out, i)
		}
	}
	return out
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
