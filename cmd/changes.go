package cmd

import (
	"context"

	"regatta/model/catalog"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/survey"
	"regatta/ui/kit"
	"regatta/ui/screen/images"
	"regatta/ui/screen/journal"
	"regatta/ui/screen/review"
)

// changes lead from the images of a repository to plans.
func (w *wiring) changes(c catalog.Context, b registry.Backend, repository string) *images.Changes {
	show := func(title, verb string, build func(context.Context) (plan.Plan, error)) kit.Screen {
		return w.review(c, title, verb, build, w.board)
	}
	view := func(ctx context.Context, o survey.Options) (plan.View, error) {
		return survey.View(ctx, b, repository, o)
	}
	return &images.Changes{
		Delete: func(digests []ref.Digest, title string) kit.Screen {
			return show(title, "Delete", func(ctx context.Context) (plan.Plan, error) {
				v, err := view(ctx, survey.Options{Digests: digests, Referrers: true})
				if err != nil {
					return plan.Plan{}, err
				}
				return plan.ToDelete(v, plan.Selection{Digests: digests}, w.options(c.Host))
			})
		},
		Untag: func(tags []string, title string) kit.Screen {
			return show(title, "Untag", func(ctx context.Context) (plan.Plan, error) {
				v, err := view(ctx, survey.Options{})
				if err != nil {
					return plan.Plan{}, err
				}
				return plan.ToUntag(v, tags, w.options(c.Host))
			})
		},
		Retag: func(from ref.Digest, tags []string, title string) kit.Screen {
			return show(title, "Retag", func(ctx context.Context) (plan.Plan, error) {
				v, err := view(ctx, survey.Options{Digests: []ref.Digest{from}})
				if err != nil {
					return plan.Plan{}, err
				}
				return plan.ToRetag([]plan.View{v}, moves(c.Host, repository, from, tags), w.options(c.Host))
			})
		},
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
	return review.New(w.com, review.Wiring{
		Context: c, Title: title, Verb: verb, Plan: build, Start: start, Save: w.savePlan,
	})
}

func (w *wiring) journalScreen(com kit.Common) kit.Screen {
	return journal.New(com, journal.Wiring{Runs: w.board, Control: w.board, Undo: w.undoScreen})
}

// undoScreen is the plan that undoes a run.
func (w *wiring) undoScreen(e journal.Entry) kit.Screen {
	c := w.contextOf(e.Plan.Registry)
	return w.review(c, "undo: "+e.Title, "Undo", func(ctx context.Context) (plan.Plan, error) {
		b, err := w.open(e.Plan.Registry)
		if err != nil {
			return plan.Plan{}, err
		}
		u, err := survey.Undo(ctx, b, w.journal(), e.Run, w.options(c.Host))
		return u.Plan, err
	}, undoStarter{w.board, e.ID})
}

// undoLastScreen is the plan that undoes the newest run that can be.
func (w *wiring) undoLastScreen(com kit.Common) kit.Screen {
	runs, err := w.board.Runs(com.Ctx)
	if err != nil {
		return kit.NewBroken(com, "undo", err)
	}
	for _, e := range runs {
		if e.State.Ended() && len(e.Undone) == 0 && e.UndoOf == "" {
			return w.undoScreen(e)
		}
	}
	return w.journalScreen(com)
}

// undoStarter writes down which run is undone.
type undoStarter struct {
	*board

	of string
}

// Start implements review.Starter.
func (u undoStarter) Start(p plan.Plan, title string) error { return u.start(p, title, u.of) }
