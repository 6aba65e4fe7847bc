package cmd

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/survey"
)

// viewer reads a repository for a plan.
type viewer = func(ctx context.Context, r ref.Reference, o survey.Options) (plan.View, error)

// guarded is a plan of before with who runs now what it takes away.
func guarded(ctx context.Context, s *app.App, p plan.Plan, inUse bool, views []plan.View) (plan.Plan, error) {
	if !p.TakesAway() {
		return p, nil
	}
	o, err := s.Planning(ctx, p.Registry, inUse)
	if err != nil {
		return p, err
	}
	return plan.Guard(p, o, views...)
}

// restOf is what going on with a run does, with who runs now what it takes away.
func restOf(ctx context.Context, s *app.App, r journal.Run, inUse bool, read viewer) (plan.Plan, error) {
	rest := r.Rest()
	if !rest.TakesAway() {
		return rest, nil
	}
	views, err := planViews(ctx, rest, read)
	if err != nil {
		return rest, err
	}
	return guarded(ctx, s, rest, inUse, views)
}

// planViews reads every repository that a plan changes.
func planViews(ctx context.Context, p plan.Plan, read viewer) ([]plan.View, error) {
	var out []plan.View
	at := map[string]int{}
	digests := map[string][]ref.Digest{}
	deletes, puts := false, false
	for _, s := range p.Steps {
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
	out = make([]plan.View, len(at))
	for repo, i := range at {
		v, err := read(ctx, ref.Reference{Host: p.Registry, Repository: repo},
			survey.Options{Digests: digests[repo], Referrers: deletes, MayBeNew: puts})
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}
