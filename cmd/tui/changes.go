package tui

import (
	"context"

	rollbacks "regatta/cmd/app/rollback"

	"regatta/cmd/app/change"
	"regatta/model/catalog"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/images"
	"regatta/ui/screen/review"
)

// planner makes the plans of the terminal UI: nothing is tried before they are confirmed.
func (w *wiring) planner() change.Planner { return change.Planner{App: w.app} }

// confirmed is what may be done on a screen: whatever is not safe is named in the plan,
// and is confirmed by a word of its own.
func confirmed() change.Asked {
	return change.Asked{InUse: true, NotWhole: true, SlowList: plan.WhereSlow}
}

// changes lead from the images of a repository to plans.
func (w *wiring) changes(c catalog.Context, b registry.Backend, repository string) *images.Changes {
	show, at := w.starting(c), ref.Reference{Host: c.Host, Repository: repository}
	deleting := func(title, verb string, build func(context.Context) (plan.Plan, error)) kit.Screen {
		return w.planScreen(review.Wiring{
			Context: c, Title: title, Verb: verb, Plan: build, Start: w.board, Settle: w.trying(at),
		})
	}
	out := &images.Changes{
		Rollback: w.rollbackOfTags(c, b, repository), KeepPrefix: rollbacks.KeepPrefix(w.app),
		Delete: func(digests []ref.Digest, title string) kit.Screen {
			return deleting(title, "Delete", func(ctx context.Context) (plan.Plan, error) {
				return w.planner().Delete(ctx, change.Named{In: at, Digests: digests}, "", confirmed())
			})
		},
		Untag: func(tags []string, title string) kit.Screen {
			return deleting(title, "Untag", func(ctx context.Context) (plan.Plan, error) {
				return w.planner().Untag(ctx, at, tags, confirmed())
			})
		},
		Retag: func(from ref.Digest, tags []string, title string) kit.Screen {
			return show(title, "Retag", func(ctx context.Context) (plan.Plan, error) {
				return w.planner().Retag(ctx, moves(c.Host, repository, from, tags), confirmed())
			})
		},
		Copy: func(moves []plan.Move, title string) kit.Screen {
			return show(title, "Copy", func(ctx context.Context) (plan.Plan, error) {
				if err := w.app.ReadOnly(moves[0].To.Host); err != nil {
					return plan.Plan{}, err
				}
				return w.planner().Copy(ctx, moves, true, confirmed())
			})
		},
		Pull: func(what []ref.Reference, to, title string) kit.Screen {
			return show(title, "Pull", func(ctx context.Context) (plan.Plan, error) {
				return w.planner().Pull(ctx, what, to, nil)
			})
		},
	}
	if b.CanDelete().Archives {
		w.archiving(out, c, repository)
	}
	return out
}

// proposing leads to the plan that build makes.
type proposing = func(title, verb string, build func(context.Context) (plan.Plan, error)) kit.Screen

// starting leads to plans that begin once they are confirmed.
func (w *wiring) starting(c catalog.Context) proposing {
	return func(title, verb string, build func(context.Context) (plan.Plan, error)) kit.Screen {
		return w.review(c, title, verb, build, w.board)
	}
}

func moves(host, repository string, from ref.Digest, tags []string) []plan.Move {
	out := make([]plan.Move, 0, len(tags))
	for _, t := range tags {
		out = append(out, plan.Move{
			From: ref.Reference{Host: host, Repository: repository, Digest: from},
			To:   ref.Reference{Host: host, Repository: repository, Tag: t},
		})
	}
	return out
}

func (w *wiring) review(
	c catalog.Context, title, verb string, build func(context.Context) (plan.Plan, error), start review.Starter,
) kit.Screen {
	return w.planScreen(review.Wiring{Context: c, Title: title, Verb: verb, Plan: build, Start: start})
}

func (w *wiring) planScreen(in review.Wiring) kit.Screen {
	in.Save = func(p plan.Plan) (string, error) { return savePlan(w.app, p) }
	return review.New(w.com, in)
}

// trying tries what a registry deletes in a repository, if that is not known.
func (w *wiring) trying(r ref.Reference) func(context.Context) (bool, error) {
	return func(ctx context.Context) (tried bool, err error) { return change.TryIn(ctx, w.app, r) }
}
