package cmd

import (
	"context"

	"regatta/cmd/app/inside"
	"regatta/model/diff"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/model/sbom"
	"regatta/model/supply"
	"regatta/model/text"
	"regatta/registry/survey"
)

// shelfOfBills reads the bills of materials of one end, each once.
type shelfOfBills struct {
	end   inside.Resolved
	chain *inside.SupplyChain
	read  map[ref.Digest]sbom.Document
}

func billsOf(ctx context.Context, e inside.Resolved) (*shelfOfBills, error) {
	root, err := e.Backend.Manifest(ctx, e.Ref.Repository, string(e.Ref.Digest))
	if err != nil {
		return nil, err
	}
	tree, err := survey.Supply(ctx, e.Backend, e.Ref.Repository, root, nil)
	c := &inside.SupplyChain{Ref: e.Ref, Root: root, Tree: tree}
	return &shelfOfBills{e, c, map[ref.Digest]sbom.Document{}}, err
}

// of is the bill of an image of the end: its own, or that of the index that it is
// in.
func (b *shelfOfBills) of(ctx context.Context, d ref.Digest) (sbom.Document, error) {
	at := b.chain.Tree
	for _, n := range b.chain.Tree.Nodes {
		if n.Kind == supply.Subject && n.Digest() == d {
			at = n
		}
	}
	_, doc, ok := b.chain.Find(at, supply.SBOM)
	if !ok {
		return sbom.Document{}, b.chain.Missing("SBOM", nil)
	}
	if known, ok := b.read[doc.Layer.Digest]; ok {
		return known, nil
	}
	out, err := inside.ReadSBOM(ctx, b.end, doc.Layer)
	if err == nil {
		b.read[doc.Layer.Digest] = out
	}
	return out, err
}

// comparePackages compares the bills of two images of a platform.
func comparePackages(ctx context.Context, from, to *shelfOfBills, i diff.Image) (diff.Packages, error) {
	a, err := from.of(ctx, i.From)
	if err != nil {
		return diff.Packages{}, err
	}
	b, err := to.of(ctx, i.To)
	if err != nil {
		return diff.Packages{}, err
	}
	return diff.ComparePackages(a.Packages, b.Packages), nil
}

// addPackages compares the packages of every platform. Where there is no SBOM
// there is nothing to say; of one in a format that is not read only that.
func (c *comparison) addPackages(ctx context.Context) error {
	from, err := billsOf(ctx, c.from)
	if err != nil {
		return err
	}
	to, err := billsOf(ctx, c.to)
	if err != nil {
		return err
	}
	for _, i := range c.index.Images {
		if i.From == i.To {
			continue
		}
		p, err := comparePackages(ctx, from, to, i)
		switch {
		case err == nil:
			c.packages[i.Platform] = &p
		case fault.Is(err, fault.Unsupported):
			c.notes = append(c.notes, "packages are not compared: "+err.Error())
		case !fault.Is(err, fault.NotFound):
			return err
		}
	}
	return nil
}

type packageChangesJSON struct {
	From    int                 `json:"from"` // how many there are
	To      int                 `json:"to"`
	Added   []sbomNameJSON      `json:"added"`
	Removed []sbomNameJSON      `json:"removed"`
	Changed []packageChangeJSON `json:"changed"`
}

type sbomNameJSON struct {
	Name    string  `json:"name"`
	Type    *string `json:"type"`
	Version *string `json:"version"`
	Licence *string `json:"licence"`
}

type packageChangeJSON struct {
	Name        string  `json:"name"`
	Type        *string `json:"type"`
	FromVersion *string `json:"fromVersion"`
	ToVersion   *string `json:"toVersion"`
	FromLicence *string `json:"fromLicence"`
	ToLicence   *string `json:"toLicence"`
}

func packageChanges(p *diff.Packages) *packageChangesJSON {
	if p == nil {
		return nil
	}
	out := &packageChangesJSON{p.From, p.To, packageNames(p.Added), packageNames(p.Removed), []packageChangeJSON{}}
	for _, c := range p.Changed {
		out.Changed = append(out.Changed, packageChangeJSON{
			c.To.Name, orNull(c.To.Type), orNull(c.From.Version), orNull(c.To.Version),
			orNull(c.From.Licence), orNull(c.To.Licence),
		})
	}
	return out
}

func packageNames(all []sbom.Package) []sbomNameJSON {
	out := []sbomNameJSON{}
	for _, p := range all {
		out = append(out, sbomNameJSON{p.Name, orNull(p.Type), orNull(p.Version), orNull(p.Licence)})
	}
	return out
}

// writePackages prints packages that differ.
func writePackages(s *sheet, p *diff.Packages) {
	if p == nil {
		return
	}
	s.line("  packages: " + text.Count(p.From) + " → " + text.Count(p.To))
	g := grid{header: make([]string, 3)}
	for _, one := range p.Removed {
		g.add("  - "+one.Name, one.Version, one.Type)
	}
	for _, one := range p.Added {
		g.add("  + "+one.Name, one.Version, one.Type)
	}
	for _, c := range p.Changed {
		g.add("  ~ "+c.To.Name, c.From.Version+" → "+c.To.Version, c.To.Type)
	}
	if len(g.rows) > 0 {
		g.write(s.w)
	}
}
