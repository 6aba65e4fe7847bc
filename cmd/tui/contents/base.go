package contents

import (
	"context"

	"regatta/cmd/app/inside"
	"regatta/cmd/tui/desk"
	model "regatta/model/base"
	"regatta/model/catalog"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/base"
)

// Base shows what the image of a platform was built from.
func Base(w *desk.Desk, c catalog.Context, b registry.Backend) func(r ref.Reference) kit.Screen {
	return func(r ref.Reference) kit.Screen {
		return base.New(w.Common, base.Wiring{
			Context: c,
			Find: func(ctx context.Context, progress func(total, done int)) (model.Found, error) {
				in, err := inside.Open(ctx, w.App, inside.Resolved{Ref: r, Backend: b}, nil)
				if err != nil {
					return model.Found{}, err
				}
				return inside.FindBase(ctx, w.App, in, nil, progress)
			},
			Open: func(found model.Candidate) kit.Screen {
				at := found.Repository
				at.Digest = found.Image
				return w.Open(at)
			},
		})
	}
}
