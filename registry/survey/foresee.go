package survey

import (
	"context"
	"time"

	"regatta/model/plan"
)

// foreseeFor is how long a registry is asked for what an undo would need. It is longer
// than askFor: what undo brings back is worth more than a number.
const foreseeFor = 30 * time.Second

// Foreseen asks the registry for what an undo of p would need, and has p name what will
// not come back, or may not. What could not be asked for is said to be unknown; the error
// is for being cancelled. There has to be a view of every repository.
func Foreseen(
	ctx context.Context, reg Neighbours, p plan.Plan, progress func(total, done int), views ...plan.View,
) (plan.Plan, error) {
	return foreseen(ctx, newQuestions(reg, progress), p, views...)
}

func foreseen(ctx context.Context, q *questions, p plan.Plan, views ...plan.View) (plan.Plan, error) {
	timed, cancel := within(ctx, foreseeFor)
	defer cancel()
	for {
		made, asks := plan.Foresee(p, q.seen, q.sources, views...)
		asked, err := q.answer(timed, asks)
		switch {
		case err != nil:
			return p, err
		case !asked:
			return made.Unseen(asks, q.why), nil
		}
	}
}
