package survey

import (
	"context"
	"sync"

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

// Difference reads two images, and says how the second differs from the first.
func Difference(ctx context.Context, s Shelf, repo string, from, to ref.Digest) (diff.Index, error) {
	var sides [2]diff.Side
	var mu sync.Mutex
	group, inner := errgroup.WithContext(ctx)
	for i, d := range []ref.Digest{from, to} {
		group.Go(func() error {
			read, err := Side(inner, s, repo, d)
			mu.Lock()
			defer mu.Unlock()
			sides[i] = read
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return diff.Index{}, err
	}
	return diff.Compare(sides[0], sides[1]), nil
}
