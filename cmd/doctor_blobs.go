package cmd

import (
	"context"
	"slices"
	"sync"

	"regatta/cmd/app"
	"regatta/model/image"
	"regatta/model/ref"
)

// missingBlobs asks for every config and layer that the registry should have,
// once, and returns those that are not there, by manifest.
func (w *ward) missingBlobs(
	ctx context.Context, progress func(total, done int),
) (map[ref.Digest][]ref.Digest, error) {
	owners, err := w.blobOwners(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]ref.Digest, 0, len(owners))
	for blob := range owners {
		all = append(all, blob)
	}
	slices.Sort(all)
	progress(len(all), 0)
	var mu sync.Mutex
	out := map[ref.Digest][]ref.Digest{}
	err = app.Each(ctx, all, func(ctx context.Context, blob ref.Digest) error {
		defer progress(0, 1)
		there, err := w.backend.BlobExists(ctx, w.ref.Repository, image.Descriptor{Digest: blob})
		if app.MeetsAll(err) || ctx.Err() != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err != nil:
			w.unasked++
		case !there:
			for _, d := range owners[blob] {
				out[d] = append(out[d], blob)
			}
		}
		return nil
	})
	for d := range out {
		slices.Sort(out[d])
	}
	return out, err
}

// blobOwners are the manifests that need each blob. Layers that are elsewhere
// are not asked for.
func (w *ward) blobOwners(ctx context.Context) (map[ref.Digest][]ref.Digest, error) {
	var mu sync.Mutex
	out := map[ref.Digest][]ref.Digest{}
	err := app.Each(ctx, w.graph.Manifests(), func(ctx context.Context, d ref.Digest) error {
		m, err := w.backend.Manifest(ctx, w.ref.Repository, string(d))
		if app.MeetsAll(err) || ctx.Err() != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			w.unasked++
			return nil
		}
		for _, blob := range append([]image.Descriptor{m.Config}, m.Layers...) {
			if blob.Digest != "" && !blob.IsForeign() && !slices.Contains(out[blob.Digest], d) {
				out[blob.Digest] = append(out[blob.Digest], d)
			}
		}
		return nil
	})
	return out, err
}
