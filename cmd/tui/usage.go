package tui

import (
	"context"

	users "regatta/cmd/app/usage"
	"regatta/model/catalog"
	"regatta/model/ref"
	model "regatta/model/usage"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/usage"
)

// usesFor asks who runs images of a registry; nil where there is nobody to ask.
func (w *wiring) usesFor(host string) func(context.Context) (model.Set, error) {
	if len(w.app.UsageSources(host, w.app.UsageOf(host))) == 0 {
		return nil
	}
	return func(ctx context.Context) (model.Set, error) { return w.app.Uses(ctx, host) }
}

// usageScreen shows what runs the images of a repository.
func (w *wiring) usageScreen(c catalog.Context, b registry.Backend, repository string) kit.Screen {
	return usage.New(w.com, w.usageWiring(c, b, repository))
}

// usageOfImage shows what runs one image, and all of its repository on demand.
func (w *wiring) usageOfImage(c catalog.Context, b registry.Backend, r ref.Reference) kit.Screen {
	wire := w.usageWiring(c, b, r.Repository)
	wire.Image = r
	wire.Narrow = func(ctx context.Context, uses []model.Use) ([]model.Hit, int, error) {
		return users.Of(ctx, w.app, b, r, uses)
	}
	return usage.New(w.com, wire)
}

func (w *wiring) usageWiring(c catalog.Context, b registry.Backend, repository string) usage.Wiring {
	return usage.Wiring{
		Context: c, Repository: repository,
		Ask: func(ctx context.Context) (model.Set, error) { return w.app.Uses(ctx, c.Host) },
		Open: func(r ref.Reference) kit.Screen {
			var tags []string
			if r.Tag != "" {
				tags = []string{r.Tag}
			}
			return w.imageScreen(c, b, r, tags, false)
		},
	}
}
