package survey

import (
	"context"

	"golang.org/x/sync/errgroup"

	"regatta/model/diff"
	"regatta/model/image"
	"regatta/model/ref"
)

// Side reads an image for a comparison: its manifest and config, or those of the
// images that an index lists.
func Side(ctx context.Context, s Shelf, repo string, d ref.Digest) (diff.Side, error) {
	out := diff.Side{Digest: d}
	m, err := s.Manifest(ctx, repo, string(d))
	if err != nil {
		return out, err
	}
	if m.Kind != image.KindIndex {
		c, err := s.Config(ctx, repo, m)
		out.Parts = []diff.Part{{Platform: c.Platform, Manifest: m, Config: c}}
		return out, err
	}
	parts := make([]diff.Part, len(m.Children))
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for i, child := range m.Children {
		if child.Platform == nil || !child.Platform.Known() {
			continue
		}
		group.Go(func() (err error) {
			parts[i], err = side(inner, s, repo, child)
			return err
		})
	}
	err = group.Wait()
	for _, p := range parts {
		if p.Manifest.Digest != "" {
			out.Parts = append(out.Parts, p)
		}
	}
	return out, err
}

func side(ctx context.Context, s Shelf, repo string, child image.Descriptor) (diff.Part, error) {
	m, err := s.Manifest(ctx, repo, string(child.Digest))
	if err != nil {
		return diff.Part{}, err
	}
	c, err := s.Config(ctx, repo, m)
	return diff.Part{Platform: *child.Platform, Manifest: m, Config: c}, err
}

// Place is an image of a registry.
type Place struct {
	Shelf      Shelf
	Repository string
	Digest     ref.Digest
}

// Sides reads two images, of one registry or of two.
func Sides(ctx context.Context, from, to Place) (a, b diff.Side, err error) {
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		a, err = Side(inner, from.Shelf, from.Repository, from.Digest)
		return err
	})
	group.Go(func() (err error) {
		b, err = Side(inner, to.Shelf, to.Repository, to.Digest)
		return err
	})
	return a, b, group.Wait()
}

// Difference reads two images, and says how the second differs from the first.
func Difference(ctx context.Context, from, to Place) (diff.Index, error) {
	a, b, err := Sides(ctx, from, to)
	if err != nil {
		return diff.Index{}, err
	}
	return diff.Compare(a, b), nil
}
