package change

import (
	"context"

	"regatta/model/fault"
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
	was = plan.Adapted(was, views...)
	if err := plan.Check(was, views...); err != nil {
		return was, err
	}
	if was, err = p.whole(ctx, was, o); err != nil {
		return was, err
	}
	older := was.GoesByOlder()
	if was, err = plan.Relist(was, plan.Options{SlowList: o.SlowList}, views...); err != nil {
		return was, err
	}
	made, err := p.renewed(ctx, was, o, views, true)
	if older && !made.GoesByOlder() {
		made.Notes = append(made.Notes, "the plan allowed deletes by an older list of tags: that is to be asked for again")
	}
	return made, err
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

// Rest is what going on with a run does, with all that it says, and who runs now what it
// takes away, by the registry as it is: what its steps would skip is not in it, and is named.
func (p Planner) Rest(ctx context.Context, r journal.Run, o Asked) (plan.Plan, error) {
	rest, err := p.left(ctx, r, r.Rest())
	if err != nil {
		return rest, err
	}
	var views []plan.View
	if rest.TakesAway() || rest.MovesOff() {
		if views, err = p.views(ctx, rest); err != nil {
			if rest.TakesAway() || ctx.Err() != nil {
				return rest, err
			}
			rest = rest.Unread(fault.KindOf(err).String())
		}
	}
	done := r.Result()
	for i := range views {
		views[i].Can = views[i].Can.Proven(r.Plan, done.Outcomes())
	}
	return p.renewed(ctx, plan.Held(rest, o.SlowList, views...), o, views, r.UndoOf == "")
}

// rerisked is an undo with the risks of what is left of it. Which images are left without a
// tag is not known where the tags cannot be listed: that is no reason not to undo.
func (p Planner) rerisked(ctx context.Context, u plan.Undo, o Asked) (plan.Undo, error) {
	if u.Plan.Empty() {
		return u, nil
	}
	var views []plan.View
	if u.Plan.TakesAway() || u.Plan.MovesOff() {
		var err error
		if views, err = p.views(ctx, u.Plan); ctx.Err() != nil {
			return u, err
		}
		if err != nil {
			u.Plan = u.Plan.Unread(fault.KindOf(err).String())
		}
	}
	with := p.App.Options(u.Plan.Registry)
	with.SlowList = o.SlowList
	var err error
	u.Plan, err = plan.Relist(plan.Rerisk(u.Plan, with, views...), with, views...)
	return u, err
}

// renewed is a plan of before with all that it says as it is now. Of an undo it is not said
// what undo would bring back.
func (p Planner) renewed(
	ctx context.Context, was plan.Plan, o Asked, views []plan.View, foresee bool,
) (plan.Plan, error) {
	with, err := p.asks(ctx, was, o)
	if err != nil {
		return was, err
	}
	b, err := p.Reader(was.Registry)
	if err != nil {
		return was, err
	}
	tell, end := p.asking()
	defer end()
	if was, err = survey.Again(ctx, b, was, with, foresee, tell, views...); err != nil {
		return was, err
	}
	if !was.TakesAway() && !was.MovesOff() {
		return was, nil
	}
	return plan.Guard(was, with, views...)
}

// asks are the options of a plan, with who runs its images where it takes anything from them.
// What brings images does not wait long for that.
func (p Planner) asks(ctx context.Context, was plan.Plan, o Asked) (plan.Options, error) {
	switch {
	case was.TakesAway():
		return p.App.Planning(ctx, was.Registry, o.InUse)
	case was.MovesOff() && was.Transfer() > 0:
		return p.App.Arriving(ctx, was.Registry)
	case was.MovesOff():
		return p.App.Planning(ctx, was.Registry, o.InUse)
	}
	return p.App.Options(was.Registry), nil
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
