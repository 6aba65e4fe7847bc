package contents

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/model/supply"
	"regatta/model/text"
)

type documentOptions struct {
	target   string
	platform string
	output   output.Format
}

// Provenance is the verb provenance.
func Provenance(a *verb.Program) *cobra.Command {
	var o documentOptions
	cmd := &cobra.Command{
		Use:   "provenance REFERENCE",
		Short: "Show where the build of an image says that it comes from",
		Args:  verb.Arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			return a.WithSession(func(s *app.App) error { return runProvenance(cmd.Context(), s, a.Streams, o) })
		},
	}
	documentFlags(cmd, &o)
	return cmd
}

func documentFlags(cmd *cobra.Command, o *documentOptions) {
	output.FormatFlag(cmd, &o.output)
	cmd.Flags().StringVar(&o.platform, "platform", "", "that of the image for one `OS/ARCH[/VARIANT]` of an index")
}

func runProvenance(ctx context.Context, s *app.App, streams output.Streams, o documentOptions) error {
	c, at, err := documented(ctx, s, o)
	if err != nil {
		return err
	}
	n, _, ok := c.Find(at, supply.Provenance)
	if !ok || n.Build == nil {
		return c.Missing("provenance", n)
	}
	b := n.Build
	return streams.Print(o.output, output.Result{JSON: buildDoc(b), Text: func(w io.Writer) { writeBuild(w, b, n) }})
}

// documented is the supply chain of an image, and the node of the platform that
// is asked for: by itself that which stands for an index.
func documented(ctx context.Context, s *app.App, o documentOptions) (*inside.SupplyChain, *supply.Node, error) {
	want, err := verb.PlatformFlag(o.platform)
	if err != nil {
		return nil, nil, err
	}
	r, err := verb.ImageNamed(s, o.target)
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
	s := &output.Sheet{Out: w}
	s.Field("format", b.Format)
	for _, c := range n.Signatures {
		s.Field("signature", c.String())
	}
	if len(n.Signatures) == 0 {
		s.Field("signature", "none: whoever may push could have written this")
	}
	s.Field("source", b.Source)
	s.Field("commit", b.Commit)
	s.Field("built from", b.Entry)
	s.Field("builder", b.Builder)
	s.Field("build type", b.Type)
	s.Field("run", b.Run)
	if !b.Started.IsZero() {
		s.Field("started", text.Stamp(b.Started)+" UTC")
	}
	if !b.Finished.IsZero() {
		s.Field("finished", text.Stamp(b.Finished)+" UTC")
	}
	s.Pairs("BUILD ARGUMENTS", b.Args)
	g := output.Grid{Header: make([]string, 2)}
	for _, m := range b.Materials {
		g.Add(m.URI, m.Digest)
	}
	s.Rows("MATERIALS", g)
}
