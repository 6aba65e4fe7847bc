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
	"regatta/ui/screen/review"
)

// changes lead from the images of a repository to plans.
func (w *wiring) changes(c catalog.Context, b registry.Backend, repository string) *images.Changes {
	show := w.starting(c)
	deleting := func(title, verb string, build func(context.Context) (plan.Plan, error)) kit.Screen {
		return w.planScreen(review.Wiring{
			Context: c, Title: title, Verb: verb, Plan: build, Start: w.board, Settle: trying(b, repository),
		})
	}
	// Whoever runs an image is named in the plan, which is confirmed by typing: that is what --in-use is elsewhere.
	read := func(ctx context.Context, o survey.Options) (plan.View, plan.Options, error) {
		with, err := w.app.Planning(ctx, c.Host, true)
		if err != nil {
			return plan.View{}, with, err
		}
		v, err := survey.View(ctx, unprobed{b}, repository, o)
		return v, with, err
	}
	out := &images.Changes{
		Rollback: w.rollbackOfTags(c, b, repository),
		Delete: func(digests []ref.Digest, title string) kit.Screen {
			return deleting(title, "Delete", func(ctx context.Context) (plan.Plan, error) {
				v, o, err := read(ctx, survey.Options{Digests: digests, Referrers: true})
				if err != nil {
					return plan.Plan{}, err
				}
				return survey.Delete(ctx, b, v, plan.Selection{Digests: digests}, o, nil)
			})
		},
		Untag: func(tags []string, title string) kit.Screen {
			return deleting(title, "Untag", func(ctx context.Context) (plan.Plan, error) {
				v, o, err := read(ctx, survey.Options{})
				if err != nil {
					return plan.Plan{}, err
				}
				return plan.ToUntag(v, tags, o)
			})
		},
		Retag: func(from ref.Digest, tags []string, title string) kit.Screen {
			return show(title, "Retag", func(ctx context.Context) (plan.Plan, error) {
				v, o, err := read(ctx, survey.Options{Digests: []ref.Digest{from}})
				if err != nil {
					return plan.Plan{}, err
				}
				o.NotWhole = true // the plan says so, and is confirmed by a word of its own
				return toRetag(ctx, w.app, []plan.View{v}, moves(c.Host, repository, from, tags), o)
			})
		},
		Copy: func(moves []plan.Move, title string) kit.Screen {
			return show(title, "Copy", func(ctx context.Context) (plan.Plan, error) {
				if err := w.app.ReadOnly(moves[0].To.Host); err != nil {
					return plan.Plan{}, err
				}
				return copyPlan(ctx, w.app, moves, true, true)
			})
		},
		Pull: w.pulls(show),
	}
	if b.CanDelete().Archives {
		w.archiving(out, c, b, repository)
	}
	return out
}

// proposing leads to the plan that build makes.
type proposing = func(title, verb string, build func(context.Context) (plan.Plan, error)) kit.Screen

func (w *wiring) pulls(show proposing) func(what []ref.Reference, to, title string) kit.Screen {
	return func(what []ref.Reference, to, title string) kit.Screen {
		return show(title, "Pull", func(ctx context.Context) (plan.Plan, error) {
			return pullPlan(ctx, w.app, what, to, nil)
		})
	}
}

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
func trying(b registry.Backend, repository string) func(context.Context) (bool, error) {
	return func(ctx context.Context) (tried bool, err error) {
		can := b.CanDelete()
		if can.TagDelete != plan.Unknown && can.ManifestDelete != plan.Unknown {
			return false, nil
		}
		_, err = b.ProbeDelete(ctx, repository)
		return true, err
	}
}
