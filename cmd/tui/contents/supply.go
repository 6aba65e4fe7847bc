package contents

import (
	"context"

	"regatta/cmd/app/inside"
	"regatta/cmd/tui/desk"
	"regatta/model/catalog"
	scan "regatta/model/finding"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/sbom"
	"regatta/model/supply"
	"regatta/registry"
	"regatta/ui/kit"
	imagescreen "regatta/ui/screen/image"
	supplyscreen "regatta/ui/screen/supply"
)

// supplySource reads what accompanies an image for the screens.
type supplySource struct {
	desk *desk.Desk

	context catalog.Context
	backend registry.Backend
	ref     ref.Reference
}

// Supply reads what accompanies the image r.
func Supply(w *desk.Desk, c catalog.Context, b registry.Backend, r ref.Reference) imagescreen.Supply {
	return supplySource{desk: w, context: c, backend: b, ref: r}
}

func (l supplySource) at() inside.Resolved { return inside.Resolved{Ref: l.ref, Backend: l.backend} }

// Supply implements image.Supply.
func (l supplySource) Supply(ctx context.Context, root image.Manifest) (*supply.Node, error) {
	return inside.SupplyOf(ctx, l.desk.App, l.at(), root)
}

// Packages implements image.Supply.
func (l supplySource) Packages(of ref.Digest, d supply.Document) kit.Screen {
	wire := supplyscreen.PackagesWiring{
		Context: l.context,
		Read: func(ctx context.Context) (sbom.Document, error) {
			return inside.ReadSBOM(ctx, l.at(), d.Layer)
		},
	}
	if sc := l.backend.Abilities().Scans; sc != nil {
		wire.Findings = func(ctx context.Context) (scan.Report, error) {
			return sc.Findings(ctx, l.ref.Repository, of)
		}
	}
	return supplyscreen.NewPackages(l.desk.Common, wire)
}

// maxShown is how much of a document is shown as it is, in bytes.
const maxShown = 1 << 20

// Document implements image.Supply.
func (l supplySource) Document(n *supply.Node) kit.Screen {
	wire := supplyscreen.DocumentWiring{
		Context: l.context, Node: n,
		Open: func() kit.Screen {
			at := ref.Reference{Host: l.ref.Host, Repository: l.ref.Repository, Digest: n.Digest()}
			return l.desk.Image(l.context, l.backend, at, nil, true)
		},
	}
	if len(n.Documents) > 0 && n.Documents[0].Layer.Size <= maxShown {
		wire.Raw = func(ctx context.Context) ([]byte, error) {
			return inside.ReadDocument(ctx, l.at(), n.Documents[0].Layer, maxShown)
		}
	}
	return supplyscreen.NewDocument(l.desk.Common, wire)
}
