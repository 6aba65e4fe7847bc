package survey

import (
	"context"

	"regatta/model/plan"
)

// Delete plans to delete from v, and says what is freed in the registry.
func Delete(
	ctx context.Context, reg Neighbours, v plan.View, s plan.Selection, o plan.Options, progress func(total, done int),
) (plan.Plan, error) {
	p, err := plan.ToDelete(v, s, o)
	if err != nil {
		return p, err
	}
	return Elsewhere(ctx, reg, v, p, progress)
}

// Prune plans to prune v, and says what is freed in the registry.
func Prune(
	ctx context.Context, reg Neighbours, v plan.View, what plan.Pruning, o plan.Options, progress func(total, done int),
) (plan.Plan, error) {
	p, err := plan.ToPrune(v, what, o)
	if err != nil {
		return p, err
	}
	return Elsewhere(ctx, reg, v, p, progress)
}
