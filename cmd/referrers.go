package cmd

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/supply"
	"regatta/model/text"
	"regatta/registry"
	"regatta/registry/survey"
)

func (a *program) referrers() *cobra.Command {
	var f format
	cmd := &cobra.Command{
		Use:   "referrers REFERENCE",
		Short: "Show what accompanies an image: signatures, SBOMs, provenance, as a tree",
		Args:  arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				r, err := imageNamed(s, args[0])
				if err != nil {
					return err
				}
				c, err := readSupplyChain(cmd.Context(), s, r)
				if err != nil {
					return err
				}
				return a.streams.print(f, result{json: c.document(), text: c.write})
			})
		},
	}
	formatFlag(cmd, &f)
	return cmd
}

// supplyChain is what accompanies an image.
type supplyChain struct {
	ref     ref.Reference
	backend registry.Backend
	root    image.Manifest
	tree    *supply.Node
}

// readSupplyChain reads what accompanies the image that a reference names now.
// Signatures are verified with the keys of the config, and more besides.
func readSupplyChain(ctx context.Context, s *app.App, r ref.Reference, more ...supply.Key) (*supplyChain, error) {
	e, err := inside.Resolve(ctx, s, r)
	if err != nil {
		return nil, err
	}
	keys, err := s.KeysFor(r.Host, r.Repository)
	if err != nil {
		return nil, err
	}
	c := &supplyChain{ref: r, backend: e.Backend}
	if c.root, err = e.Backend.Manifest(ctx, r.Repository, string(e.Ref.Digest)); err != nil {
		return nil, err
	}
	c.tree, err = survey.Supply(ctx, e.Backend, r.Repository, c.root, append(keys, more...))
	return c, err
}

// write prints the tree for people.
func (c *supplyChain) write(w io.Writer) {
	g := grid{header: []string{"WHAT", "SAYS", "SIZE", "DIGEST"}}
	c.tree.Walk(func(n *supply.Node, depth int) {
		size := text.Bytes(n.Descriptor.Size)
		if n.Kind != supply.Subject {
			size = text.Bytes(sizeOf(n))
		}
		g.add(strings.Repeat("  ", depth)+n.Name(), n.Says(), size, n.Digest().Short())
	})
	g.write(w)
}

// sizeOf is how large the documents of a referrer are.
func sizeOf(n *supply.Node) (bytes int64) {
	for _, d := range n.Documents {
		bytes += d.Layer.Size
	}
	return bytes
}
