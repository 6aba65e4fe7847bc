package contents

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/model/supply"
	"regatta/model/text"
)

// Referrers is the verb referrers.
func Referrers(a *verb.Program) *cobra.Command {
	var f output.Format
	cmd := &cobra.Command{
		Use:   "referrers REFERENCE",
		Short: "Show what accompanies an image: signatures, SBOMs, provenance, as a tree",
		Args:  verb.Arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				r, err := verb.ImageNamed(s, args[0])
				if err != nil {
					return err
				}
				c, err := inside.ReadSupplyChain(cmd.Context(), s, r)
				if err != nil {
					return err
				}
				return a.Streams.Print(f, output.Result{
					JSON: ReferrersJSON{Reference: c.Ref.String(), Tree: nodeDoc(c.Tree)},
					Text: func(w io.Writer) { writeReferrers(w, c.Tree) },
				})
			})
		},
	}
	output.FormatFlag(cmd, &f)
	return cmd
}

// writeReferrers prints what accompanies an image, for people.
func writeReferrers(w io.Writer, tree *supply.Node) {
	g := output.Grid{Header: []string{"WHAT", "SAYS", "SIZE", "DIGEST"}}
	tree.Walk(func(n *supply.Node, depth int) {
		size := text.Bytes(n.Descriptor.Size)
		if n.Kind != supply.Subject {
			size = text.Bytes(sizeOf(n))
		}
		g.Add(strings.Repeat("  ", depth)+n.Name(), n.Says(), size, n.Digest().Short())
	})
	g.Write(w)
}

// sizeOf is how large the documents of a referrer are.
func sizeOf(n *supply.Node) (bytes int64) {
	for _, d := range n.Documents {
		bytes += d.Layer.Size
	}
	return bytes
}
