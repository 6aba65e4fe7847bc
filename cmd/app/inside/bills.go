package inside

import (
	"context"

	"regatta/model/diff"
	"regatta/model/ref"
	"regatta/model/sbom"
	"regatta/model/supply"
	"regatta/registry/survey"
)

// bills are the SBOMs of two images that are compared.
type bills struct {
	from, to *billsOfOne
}

// bills finds the SBOMs of both images.
func (p Pair) bills(ctx context.Context) (bills, error) {
	from, err := billsOf(ctx, p.From)
	if err != nil {
		return bills{}, err
	}
	to, err := billsOf(ctx, p.To)
	return bills{from, to}, err
}

// packages compares the SBOMs of two images of a platform.
func (b bills) packages(ctx context.Context, i diff.Image) (diff.Packages, error) {
	from, err := b.from.of(ctx, i.From)
	if err != nil {
		return diff.Packages{}, err
	}
	to, err := b.to.of(ctx, i.To)
	if err != nil {
		return diff.Packages{}, err
	}
	return diff.ComparePackages(from.Packages, to.Packages), nil
}

// billsOfOne reads the SBOMs of an image, each once.
type billsOfOne struct {
	chain *SupplyChain
	read  map[ref.Digest]sbom.Document // by the digest of the document
}

func billsOf(ctx context.Context, e Resolved) (*billsOfOne, error) {
	root, err := e.Backend.Manifest(ctx, e.Ref.Repository, string(e.Ref.Digest))
	if err != nil {
		return nil, err
	}
	tree, err := survey.Supply(ctx, e.Backend, e.Ref.Repository, root, nil)
	c := &SupplyChain{Ref: e.Ref, Root: root, Tree: tree, at: e}
	return &billsOfOne{c, map[ref.Digest]sbom.Document{}}, err
}

// of is the SBOM of the image, or of one of its platforms: its own, or that of the index that it is in.
func (b *billsOfOne) of(ctx context.Context, d ref.Digest) (sbom.Document, error) {
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
	out, err := b.chain.SBOM(ctx, doc.Layer)
	if err == nil {
		b.read[doc.Layer.Digest] = out
	}
	return out, err
}
