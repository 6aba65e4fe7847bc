package survey

import (
	"context"
	"maps"
	"sync"

	"golang.org/x/sync/errgroup"

	"regatta/model/image"
	"regatta/model/plan"
)

// Leaving is a registry whose tags move off images.
type Leaving interface {
	Neighbours
	Manifest(ctx context.Context, repo, reference string) (image.Manifest, error)
}

// Moved has p say what undo brings back of the images that its tags move off, which are
// read into the views for that. Seen is what is known of their blobs. What cannot be read
// is for the run to refuse, which keeps it before a tag moves.
func Moved(
	ctx context.Context, reg Leaving, p plan.Plan, seen plan.Presence, progress func(total, done int), views ...plan.View,
) (plan.Plan, error) {
	if err := left(ctx, reg, p, views); err != nil {
		return p, err
	}
	q := newQuestions(reg, progress)
	maps.Copy(q.seen, seen)
	return foreseen(ctx, q, p, views...)
}

// left reads the manifests that tags move off.
func left(ctx context.Context, reg Leaving, p plan.Plan, views []plan.View) error {
	var mu sync.Mutex
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for _, s := range p.Steps {
		d := s.Loses()
		if s.Kind != plan.Retag || d == "" {
			continue
		}
		for _, v := range views {
			if v.Repository != s.Reference.Repository {
				continue
			}
			group.Go(func() error {
				m, err := reg.Manifest(inner, v.Repository, string(d))
				if err != nil {
					return ctx.Err()
				}
				mu.Lock()
				defer mu.Unlock()
				v.Graph.Add(m)
				return nil
			})
		}
	}
	return group.Wait()
}
