package cmd

import (
	"context"

	"regatta/model/catalog"
	"regatta/model/ref"
	model "regatta/model/usage"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/usage"
)

// usageScreen shows what runs the images of a repository.
func (w *wiring) usageScreen(c catalog.Context, b registry.Backend, repository string) kit.Screen {
	return usage.New(w.com, usage.Wiring{
		Context: c, Repository: repository,
		Ask: func(ctx context.Context) (model.Set, error) { return w.uses(ctx, c.Host) },
		Open: func(r ref.Reference) kit.Screen {
			var tags []string
			if r.Tag != "" {
				tags = []string{r.Tag}
			}
			return w.imageScreen(c, b, r, tags, false)
		},
	})
}
