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
)

// archiving leads from the images of a repository to plans that archive and
// restore them.
func (w *wiring) archiving(into *images.Changes, c catalog.Context, b registry.Backend, repository string) {
	at := ref.Reference{Host: c.Host, Repository: repository}
	into.Archive = func(digests []ref.Digest, title string) kit.Screen {
		return w.review(c, title, "Archive", func(ctx context.Context) (plan.Plan, error) {
			o, err := w.app.Planning(ctx, c.Host, true)
			if err != nil {
				return plan.Plan{}, err
			}
			listed, err := listAll(ctx, b, repository)
			if err != nil {
				return plan.Plan{}, err
			}
			v, err := survey.View(ctx, b, repository, survey.Options{Digests: digests})
			if err != nil {
				return plan.Plan{}, err
			}
			return plan.ToArchive(v, listed, digests, o)
		}, w.board)
	}
	into.Restore = func(digests []ref.Digest, title string) kit.Screen {
		return w.review(c, title, "Restore", func(ctx context.Context) (plan.Plan, error) {
			listed, err := listAll(ctx, b, repository)
			if err != nil {
				return plan.Plan{}, err
			}
			return restorePlan(ctx, b, at, listed, digests, w.app.Options(c.Host))
		}, w.board)
	}
}
