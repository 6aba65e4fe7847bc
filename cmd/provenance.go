package cmd

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/model/fault"
	"regatta/model/image"
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
	n, _, ok := find(c, at, supply.Provenance)
	if !ok || n.Build == nil {
		return c.none("provenance", n)
	}
	b := n.Build
	return streams.print(o.output, result{json: buildDoc(b), text: func(w io.Writer) { writeBuild(w, b, n) }})
}

// documented is the supply chain of an image, and the node of the platform that
// is asked for: by itself that which stands for an index.
func documented(ctx context.Context, s *app.App, o documentOptions) (*supplyChain, *supply.Node, error) {
	want, err := platformFlag(o.platform)
	if err != nil {
		return nil, nil, err
	}
	r, err := imageNamed(s, o.target)
	if err != nil {
		return nil, nil, err
	}
	c, err := readSupplyChain(ctx, s, r)
	if err != nil {
		return nil, nil, err
	}
	for _, n := range c.tree.Nodes {
		p := n.Descriptor.Platform
		switch {
		case n.Kind != supply.Subject || p == nil:
		case want != nil && p.Matches(*want), want == nil && n.Digest() == image.DefaultChild(c.root):
			return c, n, nil
		}
	}
	if want != nil && c.root.Kind == image.KindIndex {
		return nil, nil, &fault.Error{
			Op: "choose a platform of", Object: r.String(), Kind: fault.NotFound, Detail: "it has no image for " + want.String(),
		}
	}
	return c, c.tree, nil
}

// find looks for a document beside the image of the platform, then beside the
// index that it is in; not beside other platforms.
func find(c *supplyChain, at *supply.Node, k supply.Kind) (of *supply.Node, d supply.Document, ok bool) {
	if of, d, ok = at.Find(k); ok {
		return of, d, ok
	}
	for _, n := range c.tree.Nodes {
		if n.Kind == supply.Subject {
			continue
		}
		if of, d, ok = n.Find(k); ok {
			return of, d, ok
		}
	}
	return nil, d, false
}

// none says why there is no such document.
func (c *supplyChain) none(what string, n *supply.Node) error {
	if n != nil && n.Err != nil {
		return n.Err
	}
	name := inside.Resolved{Ref: c.ref}.Name()
	return &fault.Error{
		Op: "read the " + what + " of", Object: name, Kind: fault.NotFound, Detail: "it has none",
		Advice: "`regatta referrers " + name + "` shows what accompanies it",
	}
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
