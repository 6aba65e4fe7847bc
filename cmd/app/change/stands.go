package change

import (
	"context"

	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/run"
	"regatta/registry/survey"
)

// stands says which steps of a plan would be skipped as the registry is now. Half are the
// dummies of the run that it is about.
func (p Planner) stands(
	ctx context.Context, was plan.Plan, half map[ref.Digest]ref.Digest,
) (why map[int]string, now survey.Standing, can plan.Capabilities, err error) {
	b, err := p.Reader(was.Registry)
	if err != nil {
		return nil, now, can, err
	}
	if now, err = survey.Stand(ctx, b, was, half); err != nil {
		return nil, now, can, err
	}
	views, err := p.views(ctx, deletesOf(was))
	if err != nil {
		return nil, now, can, err
	}
	for _, v := range views {
		can = v.Can // all are of one registry
	}
	return plan.Stands(was, now.Tags, views...), now, can, nil
}

// deletesOf is a plan with nothing but the deletes of another.
func deletesOf(was plan.Plan) plan.Plan {
	out := plan.Plan{Registry: was.Registry}
	for _, s := range was.Steps {
		if s.Kind == plan.Delete {
			out.Steps = append(out.Steps, s)
		}
	}
	return out
}

// standing is an undo as the registry stands. A dummy that the run has left goes before.
func (p Planner) standing(ctx context.Context, r journal.Run, u plan.Undo, o Asked) (plan.Undo, error) {
	half := map[ref.Digest]ref.Digest{}
	broken, err := p.broken(ctx, r)
	if err != nil {
		return u, err
	}
	for _, r := range append(broken, r) {
		for _, d := range run.DummiesOf(r.ID, r.Plan) {
			half[d] = ""
		}
	}
	why, now, can, err := p.stands(ctx, u.Plan, half)
	if err != nil {
		return u, err
	}
	u = u.Standing(why, now.Tags, can)
	u.Plan = u.Plan.Unlooked(now.Missed, now.Why)
	return p.rerisked(ctx, u, o)
}

// left is what is left of a run as the registry stands. A tag on a dummy of the run is as
// its step expects it.
func (p Planner) left(ctx context.Context, r journal.Run, rest plan.Plan) (plan.Plan, error) {
	half := map[ref.Digest]ref.Digest{}
	for i, d := range run.DummiesOf(r.ID, r.Plan) {
		half[d] = r.Plan.Steps[i].Digest
	}
	why, now, _, err := p.stands(ctx, rest, half)
	if err != nil {
		return rest, err
	}
	return rest.Standing(why).Unlooked(now.Missed, now.Why), nil
}
