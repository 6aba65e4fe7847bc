package oci

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"regatta/model/image"
	"regatta/model/ref"
)

// endless has an index under every digest: n children, each of them another.
type endless struct {
	n    int
	read atomic.Int64
}

func (e *endless) index() image.Manifest {
	m := image.Manifest{Kind: image.KindIndex}
	for i := range e.n {
		m.Children = append(m.Children, image.Descriptor{Digest: ref.DigestOf(fmt.Append(nil, i))})
	}
	return m
}

func (e *endless) manifest(context.Context, ref.Digest) (image.Manifest, error) {
	e.read.Add(1)
	return e.index(), nil
}

func (e *endless) config(context.Context, image.Manifest) (image.Config, error) {
	return image.Config{}, nil
}

func TestIndexesAreReadWithinBounds(t *testing.T) {
	t.Parallel()
	for n, most := range map[int]int64{1: maxDepth, 1000: maxChildren, 5: 5 + 25 + 125} {
		e := &endless{n: n}
		img, err := details(t.Context(), e, e.index())
		if err != nil || e.read.Load() > most {
			t.Errorf("%d children each: %d read, want %d at most; %v", n, e.read.Load(), most, err)
		}
		if len(img.Platforms) == 0 {
			t.Errorf("%d children each: what is not read is not listed either", n)
		}
	}
}
