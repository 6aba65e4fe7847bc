package contents

import (
	"context"

	"regatta/cmd/app/retention"
	"regatta/cmd/tui/desk"
	"regatta/model/catalog"
	"regatta/model/ref"
	model "regatta/model/storage"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/storage"
)

// Storage shows who holds which bytes of a repository.
func Storage(w *desk.Desk, c catalog.Context, b registry.Backend, repository string) kit.Screen {
	r := ref.Reference{Host: c.Host, Repository: repository}
	return storage.New(w.Common, storage.Wiring{
		Context: c, Repository: repository, Counts: b.Capabilities().CountsReads,
		Draw: func(ctx context.Context, progress func(total, done int)) (model.Picture, error) {
			all, err := retention.ReadHealth(ctx, b, r, progress)
			if err != nil {
				return model.Picture{}, err
			}
			return model.Draw(all.Graph), nil
		},
		Open: func(d ref.Digest, tags []string) kit.Screen {
			at := r
			at.Digest = d
			if len(tags) > 0 {
				at.Tag = tags[0]
			}
			return w.Image(c, b, at, tags, false)
		},
	})
}
