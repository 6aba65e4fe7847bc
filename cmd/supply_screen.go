package cmd

import (
	"context"
	"io"

	"regatta/cmd/app"
	"regatta/model/catalog"
	scan "regatta/model/finding"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/sbom"
	"regatta/model/supply"
	"regatta/registry"
	"regatta/registry/survey"
	"regatta/ui/kit"
	supplyscreen "regatta/ui/screen/supply"
)

// larder reads what accompanies an image for the screens.
type larder struct {
	*wiring

	context catalog.Context
	backend registry.Backend
	ref     ref.Reference
}

// Supply implements image.Supply.
func (l larder) Supply(ctx context.Context, root image.Manifest) (*supply.Node, error) {
	keys, err := l.app.KeysFor(l.ref.Host, l.ref.Repository)
	if err != nil {
		return nil, err
	}
	return survey.Supply(ctx, l.backend, l.ref.Repository, root, keys)
}

// Packages implements image.Supply.
func (l larder) Packages(of ref.Digest, d supply.Document) kit.Screen {
	wire := supplyscreen.PackagesWiring{
		Context: l.context,
		Read: func(ctx context.Context) (sbom.Document, error) {
			return readBill(ctx, l.backend, l.ref, d.Layer)
		},
	}
	if sc := app.ScannerOf(l.backend); sc != nil {
		wire.Findings = func(ctx context.Context) (scan.Report, error) {
			return sc.Findings(ctx, l.ref.Repository, of)
		}
	}
	return supplyscreen.NewPackages(l.com, wire)
}

// maxShown is how much of a document is shown as it is, in bytes.
const maxShown = 1 << 20

// Document implements image.Supply.
func (l larder) Document(n *supply.Node) kit.Screen {
	wire := supplyscreen.DocumentWiring{
		Context: l.context, Node: n,
		Open: func() kit.Screen {
			at := ref.Reference{Host: l.ref.Host, Repository: l.ref.Repository, Digest: n.Digest()}
			return l.imageScreen(l.context, l.backend, at, nil, true)
		},
	}
	if len(n.Documents) > 0 && n.Documents[0].Layer.Size <= maxShown {
		wire.Raw = func(ctx context.Context) ([]byte, error) {
			r, err := l.backend.Blob(ctx, l.ref.Repository, n.Documents[0].Layer, 0)
			if err != nil {
				return nil, err
			}
			defer r.Close() //nolint:errcheck // what was read is verified
			return io.ReadAll(io.LimitReader(r, maxShown+1))
		}
	}
	return supplyscreen.NewDocument(l.com, wire)
}
