package change

import (
	"context"

	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/survey"
)

// Check compares a plan with the registry as it is now, and asks anew who runs what it
// takes away. What has changed since is a *plan.DriftError.
func (p Planner) Check(ctx context.Context, was plan.Plan, o Asked) (plan.Plan, error) {
	views, err := p.views(ctx, was)
	if err != nil {
		return was, err
	}
	if err := plan.Check(was, views...); err != nil {
		return was, err
	}
	if was, err = p.whole(ctx, was, o); err != nil {
		return was, err
	}
	return p.guarded(ctx, was, o, views)
}

// whole asks anew whether the images are whole that a plan points tags at, whatever it says
// about that: blobs go, and a file may have been altered.
func (p Planner) whole(ctx context.Context, was plan.Plan, o Asked) (plan.Plan, error) {
	targets := was.Retags()
	if len(targets) == 0 {
		return was, nil
	}
	b, err := p.App.Open(was.Registry)
	if err != nil {
		return was, err
	}
	found, err := survey.Broken(ctx, b, targets...)
	if err != nil {
		return was, err
	}
	return plan.Rewhole(was, found, o.NotWhole)
}

// Rest is what going on with a run does, with who runs now what it takes away, compared
// with the registry as it is: what its steps would skip is not in it, and is named.
func (p Planner) Rest(ctx context.Context, r journal.Run, o Asked) (plan.Plan, error) {
	rest, err := p.left(ctx, r, r.Rest())
	if err != nil {
		return rest, err
	}
	if !rest.TakesAway() {
		return rest, nil
	}
	views, err := p.views(ctx, rest)
	if err != nil {
		return rest, err
	}
	return p.guarded(ctx, rest, o, views)
}

func (p Planner) guarded(ctx context.Context, was plan.Plan, o Asked, views []plan.View) (plan.Plan, error) {
	if !was.TakesAway() {
		return was, nil
	}
	with, err := p.App.Planning(ctx, was.Registry, o.InUse)
	if err != nil {
		return was, err
	}
	return plan.Guard(was, with, views...)
}

// views reads every repository that a plan changes.
func (p Planner) views(ctx context.Context, was plan.Plan) ([]plan.View, error) {
	at := map[string]int{}
	digests := map[string][]ref.Digest{}
	deletes, puts := false, false
	for _, s := range was.Steps {
		if s.Kind == plan.LifecyclePolicy || s.Kind == plan.Restore || s.Kind == plan.Deploy {
			continue
		}
		repo := s.Reference.Repository
		if _, ok := at[repo]; !ok {
			at[repo] = len(at)
		}
		if s.Kind != plan.CopyBlob {
			digests[repo] = append(digests[repo], s.Digest)
		}
		deletes = deletes || s.Kind == plan.Delete
		puts = puts || s.Kind == plan.Put
	}
	out := make([]plan.View, len(at))
	for repo, i := range at {
		v, err := p.View(ctx, ref.Reference{Host: was.Registry, Repository: repo},
			survey.Options{Digests: digests[repo], Referrers: deletes, MayBeNew: puts})
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}
