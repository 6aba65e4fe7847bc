package tui

import (
	"context"

	"regatta/cmd/app/retention"
	"regatta/model/catalog"
	model "regatta/model/health"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/health"
)

// healthScreen looks for what is wrong with a repository, as doctor does.
func (w *wiring) healthScreen(c catalog.Context, b registry.Backend, repository string) kit.Screen {
	r := ref.Reference{Host: c.Host, Repository: repository}
	can := b.Capabilities()
	return health.New(w.com, health.Wiring{
		Context: c, Repository: repository, Counts: can.CountsReads, Untagged: can.Untagged,
		Load: func(ctx context.Context, progress func(total, done int)) (health.Patient, error) {
			return retention.ReadHealth(ctx, b, r, progress)
		},
		Open: func(f model.Finding) kit.Screen {
			at := r
			at.Digest = f.Digest
			return w.imageScreen(c, b, at, f.Tags, false)
		},
		Delete: w.changes(c, b, repository).Delete,
	})
}
