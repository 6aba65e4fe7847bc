package browse

import (
	"context"
	"fmt"

	"regatta/cmd/app"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

// ManyReads is how many counted reads need a yes.
const ManyReads = 50

// CheckCost refuses to read many images from a registry that counts each as a pull, where
// the reader is sparing. It returns how many reads are counted.
func (t *Reader) CheckCost(ctx context.Context, listed []image.Image) (n int, err error) {
	if !t.backend.Capabilities().CountsReads {
		return 0, nil
	}
	if n, err = t.reads(ctx, listed); err != nil {
		return 0, err
	}
	if n > ManyReads && t.Sparing {
		return n, app.Refusal(t.tooMany(n))
	}
	t.accepted.Store(true)
	return n, nil
}

func (t *Reader) tooMany(n int) error {
	return fmt.Errorf("read the images of %s: %s counts reads as pulls, and this takes %s or more; "+
		"give --yes to read them or --no-details for the names", t.ref.Name(), t.ref.Host, text.Plural(n, "read", "reads"))
}

// reads is how many manifests at least are not in the cache.
func (t *Reader) reads(ctx context.Context, listed []image.Image) (int, error) {
	known, err := t.backend.Known(ctx, t.ref.Repository)
	if err != nil {
		return 0, err
	}
	cached := map[string]ref.Digest{}
	for _, img := range known {
		for _, tag := range img.Tags {
			if img.State == image.Cached {
				cached[tag] = img.Digest
			}
		}
	}
	n := 0
	for _, img := range listed {
		if img.State != image.Read && (len(img.Tags) == 0 || cached[img.Tags[0]] == "") {
			n++
		}
	}
	return n, nil
}
