package desk

import (
	"context"

	"regatta/cmd/app/change"
	"regatta/model/catalog"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/ui/kit"
	"regatta/ui/screen/images"
)

// Archiving leads from the images of a repository to plans that archive and
// restore them.
func Archiving(w *Desk, into *images.Changes, c catalog.Context, repository string) {
	show, at := starting(w, c), ref.Reference{Host: c.Host, Repository: repository}
	into.Archive = func(digests []ref.Digest, title string) kit.Screen {
		return show(title, "Archive", func(ctx context.Context) (plan.Plan, error) {
			return Planner(w).Archive(ctx, change.Named{In: at, Digests: digests}, Confirmed())
		})
	}
	into.Restore = func(digests []ref.Digest, title string) kit.Screen {
		return show(title, "Restore", func(ctx context.Context) (plan.Plan, error) {
			return Planner(w).Restore(ctx, change.Named{In: at, Digests: digests})
		})
	}
}
