package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/model/supply"
	"regatta/model/text"
)

type documentOptions struct {
	target   string
	platform string
	output   format
}

func (a *program) provenance() *cobra.Command {
	var o documentOptions
	cmd := &cobra.Command{
		Use:   "provenance REFERENCE",
		Short: "Show where the build of an image says that it comes from",
		Args:  arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			return a.withSession(func(s *app.App) error { return runProvenance(cmd.Context(), s, a.streams, o) })
		},
	}
	documentFlags(cmd, &o)
	return cmd
}

func documentFlags(cmd *cobra.Command, o *documentOptions) {
	formatFlag(cmd, &o.output)
	cmd.Flags().StringVar(&o.platform, "platform", "", "that of the image for one `OS/ARCH[/VARIANT]` of an index")
}

func runProvenance(ctx context.Context, s *app.App, streams Streams, o documentOptions) error {
	c, at, err := documented(ctx, s, o)
	if err != nil {
		return err
	}
	n, _, ok := c.Find(at, supply.Provenance)
	if !ok || n.Build == nil {
		return c.Missing("provenance", n)
	}
	b := n.Build
	return streams.print(o.output, result{json: buildDoc(b), text: func(w io.Writer) { writeBuild(w, b, n) }})
}

// documented is the supply chain of an image, and the node of the platform that
// is asked for: by itself that which stands for an index.
func documented(ctx context.Context, s *app.App, o documentOptions) (*inside.SupplyChain, *supply.Node, error) {
	want, err := platformFlag(o.platform)
	if err != nil {
		return nil, nil, err
	}
	r, err := imageNamed(s, o.target)
	if err != nil {
		return nil, nil, err
	}
	c, err := inside.ReadSupplyChain(ctx, s, r)
	if err != nil {
		return nil, nil, err
	}
	at, err := c.ForPlatform(want)
	return c, at, err
}

func writeBuild(w io.Writer, b *supply.Build, n *supply.Node) {
	s := &sheet{w: w}
	s.field("format", b.Format)
	for _, c := range n.Signatures {
		s.field("signature", c.String())
	}
	if len(n.Signatures) == 0 {
		s.field("signature", "none: whoever may push could have written this")
	}
	s.field("source", b.Source)
	s.field("commit", b.Commit)
	s.field("built from", b.Entry)
	s.field("builder", b.Builder)
	s.field("build type", b.Type)
	s.field("run", b.Run)
	if !b.Started.IsZero() {
		s.field("started", text.Stamp(b.Started)+" UTC")
	}
	if !b.Finished.IsZero() {
		s.field("finished", text.Stamp(b.Finished)+" UTC")
	}
	s.pairs("BUILD ARGUMENTS", b.Args)
	g := grid{header: make([]string, 2)}
	for _, m := range b.Materials {
		g.add(m.URI, m.Digest)
	}
	s.rows("MATERIALS", g)
}
