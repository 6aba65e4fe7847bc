package contents

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"regatta/cmd/cli/output/null"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	scan "regatta/model/finding"
	"regatta/model/ref"
	"regatta/model/sbom"
	"regatta/model/supply"
	"regatta/model/text"
)

// SBOM is the verb sbom.
func SBOM(a *verb.Program) *cobra.Command {
	var o documentOptions
	cmd := &cobra.Command{
		Use:   "sbom REFERENCE [TEXT]",
		Short: "List the packages of an image by its SBOM, with their licences and findings",
		Args:  verb.Arguments(cobra.RangeArgs(1, 2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			wanted := strings.Join(args[1:], "")
			return a.WithSession(func(s *app.App) error { return runSBOM(cmd.Context(), s, a.Streams, o, wanted) })
		},
	}
	documentFlags(cmd, &o)
	return cmd
}

func runSBOM(ctx context.Context, s *app.App, streams output.Streams, o documentOptions, wanted string) error {
	c, at, err := documented(ctx, s, o)
	if err != nil {
		return err
	}
	_, doc, ok := c.Find(at, supply.SBOM)
	if !ok {
		return c.Missing("SBOM", nil)
	}
	b, err := c.SBOM(ctx, doc.Layer)
	if err != nil {
		return err
	}
	found, ferr := c.Findings(ctx, at.Digest())
	if ferr != nil {
		fmt.Fprintln(streams.Err, "findings are not shown: "+text.Clean(ferr.Error()))
	}
	list := newBill(c.Ref, doc.Layer.Digest, b, found, wanted)
	return streams.Print(o.output, output.Result{JSON: list.document(), Text: list.write})
}

// bill is the packages of an image that somebody asks for.
type bill struct {
	ref      ref.Reference
	digest   ref.Digest // of the document
	doc      sbom.Document
	shown    []int // of doc.Packages
	affected map[int][]scan.Finding
}

func newBill(r ref.Reference, d ref.Digest, doc sbom.Document, found []scan.Finding, wanted string) *bill {
	b := &bill{ref: r, digest: d, doc: doc, affected: sbom.Affected(doc.Packages, found)}
	wanted = strings.ToLower(wanted)
	for i, p := range doc.Packages {
		if strings.Contains(strings.ToLower(p.Name+" "+p.Type+" "+p.Licence), wanted) {
			b.shown = append(b.shown, i)
		}
	}
	return b
}

type sbomJSON struct {
	Reference string            `json:"reference"`
	Digest    ref.Digest        `json:"digest"` // of the document
	Format    string            `json:"format"`
	Name      *string           `json:"name"`
	CreatedAt *string           `json:"createdAt"`
	Tool      *string           `json:"tool"`
	Packages  []sbomPackageJSON `json:"packages"`
	Left      int               `json:"leftOut"` // packages beyond those that are kept of one document
}

type sbomPackageJSON struct {
	Name     string   `json:"name"`
	Version  *string  `json:"version"`
	Type     *string  `json:"type"`
	PURL     *string  `json:"purl"`
	Licence  *string  `json:"licence"`
	Findings []string `json:"findings"`
}

func (b *bill) document() sbomJSON {
	out := sbomJSON{
		b.ref.String(), b.digest, b.doc.Format, null.Of(b.doc.Name), null.Time(b.doc.Created), null.Of(b.doc.Tool),
		[]sbomPackageJSON{},
		b.doc.Left,
	}
	for _, i := range b.shown {
		p := b.doc.Packages[i]
		out.Packages = append(out.Packages, sbomPackageJSON{
			p.Name, null.Of(p.Version), null.Of(p.Type), null.Of(p.PURL), null.Of(p.Licence),
			output.List(namesOfFindings(b.affected[i])),
		})
	}
	return out
}

func namesOfFindings(all []scan.Finding) []string {
	var out []string
	for _, f := range all {
		out = append(out, f.Name)
	}
	slices.Sort(out)
	return out
}

func (b *bill) write(w io.Writer) {
	g := output.Grid{Header: []string{"PACKAGE", "VERSION", "TYPE", "LICENCE", "FINDINGS"}}
	for _, i := range b.shown {
		p := b.doc.Packages[i]
		g.Add(p.Name, p.Version, p.Type, p.Licence, strings.Join(namesOfFindings(b.affected[i]), " "))
	}
	if g.Some() {
		g.Write(w)
	}
	all := text.Plural(len(b.doc.Packages)+b.doc.Left, "package", "packages")
	fmt.Fprintf(w, "%s of %s by %s\n", text.Count(len(b.shown)), all, b.doc.Format)
}
