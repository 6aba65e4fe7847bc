package survey

import (
	"context"

	"regatta/model/plan"
)

// Foreseen asks the registry for what an undo of p would need, and has p name what will
// not come back, or may not. What could not be asked for is said to be unknown; the error
// is for being cancelled. There has to be a view of every repository.
func Foreseen(
	ctx context.Context, reg Neighbours, p plan.Plan, progress func(total, done int), views ...plan.View,
) (plan.Plan, error) {
	return foreseen(ctx, newQuestions(reg, progress), p, views...)
}

func foreseen(ctx context.Context, q *questions, p plan.Plan, views ...plan.View) (plan.Plan, error) {
	for {
		made, asks := plan.Foresee(p, q.seen, q.sources, views...)
		asked, err := q.answer(ctx, asks)
		switch {
		case err != nil:
			return p, err
		case !asked:
			return made.Unseen(asks, q.why), nil
		}
	}
}
