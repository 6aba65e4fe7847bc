package survey

import (
	"context"

	"regatta/model/plan"
)

// Delete plans to delete from v, and says what is freed in the registry and what undo
// brings back.
func Delete(
	ctx context.Context, reg Neighbours, v plan.View, s plan.Selection, o plan.Options, progress func(total, done int),
) (plan.Plan, error) {
	p, err := plan.ToDelete(v, s, o)
	if err != nil {
		return p, err
	}
	return told(ctx, reg, v, p, progress)
}

// Prune plans to prune v, and says what is freed in the registry and what undo brings
// back.
func Prune(
	ctx context.Context, reg Neighbours, v plan.View, what plan.Pruning, o plan.Options, progress func(total, done int),
) (plan.Plan, error) {
	p, err := plan.ToPrune(v, what, o)
	if err != nil {
		return p, err
	}
	return told(ctx, reg, v, p, progress)
}

func told(
	ctx context.Context, reg Neighbours, v plan.View, p plan.Plan, progress func(total, done int),
) (plan.Plan, error) {
	p, err := Foreseen(ctx, reg, p, progress, v)
	if err != nil {
		return p, err
	}
	return Elsewhere(ctx, reg, v, p, progress)
}

// Untag plans to remove tags of v, and says what undo brings back.
func Untag(
	ctx context.Context, reg Neighbours, v plan.View, tags []string, o plan.Options, progress func(total, done int),
) (plan.Plan, error) {
	p, err := plan.ToUntag(v, tags, o)
	if err != nil {
		return p, err
	}
	return Foreseen(ctx, reg, p, progress, v)
}

// Retag plans to point tags of views at images of theirs that are whole and can be read,
// and says what undo brings back.
func Retag(
	ctx context.Context, reg interface {
		Neighbours
		Archives
	}, views []plan.View, moves []plan.Move, o plan.Options,
	progress func(total, done int),
) (plan.Plan, error) {
	for _, m := range moves {
		if err := Awake(ctx, reg, m.From); err != nil {
			return plan.Plan{}, err
		}
	}
	q := newQuestions(reg, progress)
	var err error
	if o.Wholeness, err = brokenBy(ctx, reg, q.seen, plan.Targets(views, moves)...); err != nil {
		return plan.Plan{}, err
	}
	p, err := plan.ToRetag(views, moves, o)
	if err != nil {
		return p, err
	}
	return foreseen(ctx, q, p, views...)
}
