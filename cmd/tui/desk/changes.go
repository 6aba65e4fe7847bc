package desk

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

// Changes lead from the images of a repository to plans.
func Changes(w *Desk, c catalog.Context, b registry.Backend, repository string) *images.Changes {
	show, at := starting(w, c), ref.Reference{Host: c.Host, Repository: repository}
	deleting := func(title, verb string, build func(context.Context) (plan.Plan, error)) kit.Screen {
		return PlanScreen(w, review.Wiring{
			Context: c, Title: title, Verb: verb, Plan: build, Start: w.Board, Settle: Trying(w, at),
		})
	}
	out := &images.Changes{
		KeepPrefix: rollbacks.KeepPrefix(w.App),
		Delete: func(digests []ref.Digest, title string) kit.Screen {
			return deleting(title, "Delete", func(ctx context.Context) (plan.Plan, error) {
				return Planner(w).Delete(ctx, change.Named{In: at, Digests: digests}, "", Confirmed())
			})
		},
		Untag: func(tags []string, title string) kit.Screen {
			return deleting(title, "Untag", func(ctx context.Context) (plan.Plan, error) {
				return Planner(w).Untag(ctx, at, tags, Confirmed())
			})
		},
		Retag: func(from ref.Digest, tags []string, title string) kit.Screen {
			return show(title, "Retag", func(ctx context.Context) (plan.Plan, error) {
				return Planner(w).Retag(ctx, moves(c.Host, repository, from, tags), Confirmed())
			})
		},
		Copy: func(moves []plan.Move, title string) kit.Screen {
			return show(title, "Copy", func(ctx context.Context) (plan.Plan, error) {
				if err := w.App.ReadOnly(moves[0].To.Host); err != nil {
					return plan.Plan{}, err
				}
				return Planner(w).Copy(ctx, moves, true, Confirmed())
			})
		},
		Pull: func(what []ref.Reference, to, title string) kit.Screen {
			return show(title, "Pull", func(ctx context.Context) (plan.Plan, error) {
				return Planner(w).Pull(ctx, what, to, nil)
			})
		},
	}
	if b.CanDelete().Archives {
		Archiving(w, out, c, repository)
	}
	return out
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
