package survey

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/text"
)

// sourceFor is how long a source is asked at most whether it has what is to be copied.
const sourceFor = 30 * time.Second

// sourceHas asks the source for every config and layer that is to be brought. What is
// not asked for, or not answered, is counted; the error is for being cancelled.
func sourceHas(ctx context.Context, from Shipper, trees []plan.Tree, seen plan.Presence) (plan.Source, error) {
	timed, cancel := context.WithTimeout(ctx, sourceFor)
	defer cancel()
	s := &sourcing{from: from, out: plan.Source{Lacks: map[plan.Place]bool{}}}
	group, inner := errgroup.WithContext(timed)
	group.SetLimit(atATime)
	asked := map[plan.Place]bool{}
	for i := range trees {
		for at, d := range trees[i].Brings(seen) {
			if asked[at] {
				continue
			}
			asked[at] = true
			if len(asked) > mostHeads {
				s.miss(text.Count(mostHeads) + " requests are the limit")
				continue
			}
			group.Go(func() error {
				s.ask(inner, at, d)
				return ctx.Err()
			})
		}
	}
	err := group.Wait()
	return s.out, err
}

type sourcing struct {
	from Shipper

	mu  sync.Mutex
	out plan.Source
}

func (s *sourcing) ask(ctx context.Context, at plan.Place, d image.Descriptor) {
	there, err := s.has(ctx, at.Repository, d)
	switch {
	case err != nil && ctx.Err() != nil:
		s.miss(sourceFor.String() + " is the limit")
	case err != nil:
		s.miss(fmt.Sprintf("the source does not say (%s)", fault.KindOf(err)))
	case !there:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.out.Lacks[at] = true
	}
}

// has reports whether the source has a blob. Some registries say of none that it is
// there, and serve it: to get it decides.
func (s *sourcing) has(ctx context.Context, repo string, d image.Descriptor) (bool, error) {
	there, err := s.from.BlobExists(ctx, repo, d)
	if there || err != nil {
		return there, err
	}
	content, err := s.from.Blob(ctx, repo, d, 0)
	switch {
	case fault.Is(err, fault.NotFound):
		return false, nil
	case err != nil:
		return false, err
	}
	return true, content.Close()
}

// miss notes that something was not found out. The first reason is the one that is told.
func (s *sourcing) miss(why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Unasked++
	if s.out.Why == "" {
		s.out.Why = why
	}
}
