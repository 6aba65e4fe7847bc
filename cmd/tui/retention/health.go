package retention

import (
	"context"

	"regatta/cmd/app/retention"
	"regatta/cmd/tui/desk"
	"regatta/model/catalog"
	model "regatta/model/health"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/health"
)

// Health looks for what is wrong with a repository, as doctor does.
func Health(w *desk.Desk, c catalog.Context, b registry.Backend, repository string) kit.Screen {
	r := ref.Reference{Host: c.Host, Repository: repository}
	can := b.Capabilities()
	return health.New(w.Common, health.Wiring{
		Context: c, Repository: repository, Counts: can.CountsReads, Untagged: can.Untagged,
		Load: func(ctx context.Context, progress func(total, done int)) (health.Patient, error) {
			return retention.ReadHealth(ctx, b, r, progress)
		},
		Open: func(f model.Finding) kit.Screen {
			at := r
			at.Digest = f.Digest
			return w.Image(c, b, at, f.Tags, false)
		},
		Delete: desk.Changes(w, c, b, repository).Delete,
	})
}
