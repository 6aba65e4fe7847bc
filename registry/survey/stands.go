package survey

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// Resolver says what references point to.
type Resolver interface {
	Resolve(ctx context.Context, repo, reference string) (image.Descriptor, error)
}

// Standing are what the tags of a plan point to now, of which Missed were not looked at.
type Standing struct {
	Tags   plan.Tags
	Missed int
	Why    string
}

// Stand looks where the tags are that a plan expects something of, as far as that is
// within the bound. Half are the dummies of a run, which count as what they stand for.
func Stand(ctx context.Context, reg Resolver, p plan.Plan, half map[ref.Digest]ref.Digest) (Standing, error) {
	out := Standing{Tags: plan.Tags{}}
	asked := map[ref.Reference]bool{}
	var mu sync.Mutex
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for _, at := range tagsOf(p) {
		switch {
		case asked[at]:
			continue
		case len(asked) >= mostAsked:
			mu.Lock()
			out.miss(limit())
			mu.Unlock()
			continue
		}
		asked[at] = true
		group.Go(func() error {
			d, err := reg.Resolve(inner, at.Repository, at.Tag)
			if err := ended(ctx); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			now, stands := half[d.Digest]
			switch {
			case fault.Is(err, fault.NotFound):
				out.Tags.Now(at.Repository, at.Tag, "")
			case err != nil:
				out.miss(fmt.Sprintf("the registry does not say (%s)", fault.KindOf(err)))
			case stands:
				out.Tags.Now(at.Repository, at.Tag, now)
			default:
				out.Tags.Now(at.Repository, at.Tag, d.Digest)
			}
			return nil
		})
	}
	err := group.Wait()
	return out, err
}

func (s *Standing) miss(why string) {
	s.Missed++
	if s.Why == "" {
		s.Why = why
	}
}

// tagsOf are the tags that the steps of a plan expect something of.
func tagsOf(p plan.Plan) []ref.Reference {
	var out []ref.Reference
	for _, s := range p.Steps {
		for _, e := range s.Expects() {
			if e.Tag != "" {
				out = append(out, ref.Reference{Repository: s.Reference.Repository, Tag: e.Tag})
			}
		}
	}
	return out
}
