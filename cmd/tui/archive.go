package tui

import (
	"context"

	"regatta/cmd/app/change"
	"regatta/model/catalog"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/ui/kit"
	"regatta/ui/screen/images"
)

// archiving leads from the images of a repository to plans that archive and
// restore them.
func (w *wiring) archiving(into *images.Changes, c catalog.Context, repository string) {
	show, at := w.starting(c), ref.Reference{Host: c.Host, Repository: repository}
	into.Archive = func(digests []ref.Digest, title string) kit.Screen {
		return show(title, "Archive", func(ctx context.Context) (plan.Plan, error) {
			return w.planner().Archive(ctx, change.Named{In: at, Digests: digests}, confirmed())
		})
	}
	into.Restore = func(digests []ref.Digest, title string) kit.Screen {
		return show(title, "Restore", func(ctx context.Context) (plan.Plan, error) {
			return w.planner().Restore(ctx, change.Named{In: at, Digests: digests})
		})
	}
}
