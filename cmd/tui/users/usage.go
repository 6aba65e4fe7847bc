// Package users connects the screens of who runs images, and who may. It imports app, ui and
// model.
package users

import (
	"context"

	users "regatta/cmd/app/usage"
	"regatta/cmd/tui/desk"
	"regatta/model/catalog"
	"regatta/model/ref"
	model "regatta/model/usage"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/usage"
)

// UsesFor asks who runs images of a registry; nil where there is nobody to ask.
func UsesFor(w *desk.Desk, host string) func(context.Context) (model.Set, error) {
	if len(w.App.UsageSources(host, w.App.UsageOf(host))) == 0 {
		return nil
	}
	return func(ctx context.Context) (model.Set, error) { return w.App.Uses(ctx, host) }
}

// Usage shows what runs the images of a repository.
func Usage(w *desk.Desk, c catalog.Context, b registry.Backend, repository string) kit.Screen {
	return usage.New(w.Common, usageWiring(w, c, b, repository))
}

// UsageOfImage shows what runs one image, and all of its repository on demand.
func UsageOfImage(w *desk.Desk, c catalog.Context, b registry.Backend, r ref.Reference) kit.Screen {
	wire := usageWiring(w, c, b, r.Repository)
	wire.Image = r
	wire.Narrow = func(ctx context.Context, uses []model.Use) ([]model.Hit, int, error) {
		return users.Of(ctx, w.App, b, r, uses)
	}
	return usage.New(w.Common, wire)
}

func usageWiring(w *desk.Desk, c catalog.Context, b registry.Backend, repository string) usage.Wiring {
	return usage.Wiring{
		Context: c, Repository: repository,
		Ask: func(ctx context.Context) (model.Set, error) { return w.App.Uses(ctx, c.Host) },
		Open: func(r ref.Reference) kit.Screen {
			var tags []string
			if r.Tag != "" {
				tags = []string{r.Tag}
			}
			return w.Image(c, b, r, tags, false)
		},
	}
}
