package survey

import (
	"context"
	"slices"

	"regatta/model/plan"
)

// Again is a plan of before, or what is left of one, with all that it says as it is now: see
// plan.Again. The registry is asked anew what undo brings back, and what the other
// repositories hold; with foresee false, as of what undoes, not what undo brings back. The
// views are those of its repositories.
func Again(
	ctx context.Context, reg Leaving, was plan.Plan, o plan.Options, foresee bool, progress func(total, done int),
	views ...plan.View,
) (plan.Plan, error) {
	p := plan.Again(was, o, views...)
	switch {
	case !foresee:
		p.Lost = was.Lost
	case plan.Foreseeable(p, views...):
		seen := p
		seen.Lost = nil
		seen, err := Moved(ctx, reg, seen, nil, progress, views...)
		if err != nil {
			return p, err
		}
		p.Lost, p.Notes = append(slices.Clip(seen.Lost), plan.Unforeseen(was)...), seen.Notes
	}
	return elsewhere(ctx, reg, p, progress, views)
}

// elsewhere asks the other repositories, where the plan deletes in one alone.
func elsewhere(
	ctx context.Context, reg Neighbours, p plan.Plan, progress func(total, done int), views []plan.View,
) (plan.Plan, error) {
	repository := ""
	for _, s := range p.Steps {
		switch {
		case s.Kind != plan.Delete:
		case repository == "" || repository == s.Reference.Repository:
			repository = s.Reference.Repository
		default:
			return p, nil // how they share is not asked: nothing is said of the registry
		}
	}
	for _, v := range views {
		if v.Repository == repository {
			return Elsewhere(ctx, reg, v, p, progress)
		}
	}
	return p, nil
}
