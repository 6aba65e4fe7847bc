package local

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

// blobsAtATime is how many blobs of an image are read side by side.
const blobsAtATime = 6

// Has implements Place.
func (l *layout) Has(ctx context.Context, what ref.Reference) (bool, error) {
	entries, err := l.entries()
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil || !listed(entries, what) {
		return false, err
	}
	tree, err := Tree(ctx, here{l}, "", string(what.Digest))
	if err != nil {
		return false, nil //nolint:nilerr // a manifest that cannot be read is not here whole
	}
	for _, d := range Blobs(tree) {
		if !l.whole(d) {
			return false, nil
		}
	}
	return true, nil
}

// here is the layout as a source of its own manifests.
type here struct{ *layout }

// Manifest implements Content.
func (h here) Manifest(_ context.Context, _, reference string) (image.Manifest, error) {
	return h.manifest(image.Descriptor{Digest: ref.Digest(reference)})
}

// Blob implements Content.
func (h here) Blob(ctx context.Context, _ string, d image.Descriptor, offset int64) (io.ReadCloser, error) {
	return h.layout.Blob(ctx, d, offset)
}

// BlobExists implements Content.
func (h here) BlobExists(_ context.Context, _ string, d image.Descriptor) (bool, error) {
	info, err := os.Stat(h.path(d.Digest))
	return err == nil && d.HasSize(info.Size()), nil // what cannot be looked at is not here
}

// Save implements Place. The image is named in index.json after all of it is
// here.
func (l *layout) Save(ctx context.Context, from Content, what ref.Reference, reached func(at int64)) error {
	if err := l.prepare(); err != nil {
		return l.failed("write to", err)
	}
	tree, err := Tree(ctx, from, what.Repository, string(what.Digest))
	if err != nil {
		return err
	}
	blobs := Blobs(tree)
	if err := room(l.dir, l.dir, l.Needs(blobs)); err != nil {
		return err
	}
	through := &through{reached: reached}
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(blobsAtATime)
	for _, d := range blobs {
		group.Go(func() error { return l.fetch(inner, from, what.Repository, d, through.add) })
	}
	if err := group.Wait(); err != nil {
		return l.failed("write to", err)
	}
	for _, m := range slices.Backward(tree) {
		if err := l.putManifest(m); err != nil {
			return l.failed("write to", err)
		}
	}
	if err := l.list(tree[0], what); err != nil {
		return l.failed("write to", err)
	}
	return nil
}

// through adds up the bytes of blobs that are read side by side.
type through struct {
	mu      sync.Mutex
	n       int64
	reached func(int64)
}

func (t *through) add(n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n += n
	t.reached(t.n)
}

// Ready implements Place. A directory that is not there yet is made by Save.
func (l *layout) Ready(context.Context) error {
	if err := l.foreign(); err != nil {
		return l.failed("write to", err)
	}
	return nil
}

// foreign is an error if the directory holds something else.
func (l *layout) foreign() error {
	if _, err := os.Stat(l.marker()); err == nil {
		return nil
	}
	names, err := os.ReadDir(l.dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(names) > 0:
		return failure("write to", l.dir, fault.Occupied, "the directory is not empty, and no OCI image layout")
	}
	return nil
}

func (l *layout) marker() string { return filepath.Join(l.dir, "oci-layout") }

// prepare makes the directory a layout, unless it is something else.
func (l *layout) prepare() error {
	writing.Lock()
	defer writing.Unlock()
	if err := l.foreign(); err != nil {
		return err
	}
	if err := makeDir(l.dir); err != nil {
		return err
	}
	if _, err := os.Stat(l.marker()); err != nil {
		if err := writeWhole(l.marker(), []byte(`{"imageLayoutVersion":"1.0.0"}`)); err != nil {
			return err
		}
	}
	return makeDir(filepath.Join(l.dir, "blobs", "sha256"))
}

// room refuses to begin what the disk cannot hold.
func room(dir, object string, needs int64) error {
	free, ok := freeSpace(dir)
	if !ok || needs <= free {
		return nil
	}
	return failure("write to", object, fault.NoSpace,
		"it takes "+text.Bytes(needs)+", and there are "+text.Bytes(free)+" free")
}

func makeDir(dir string) error {
	return os.MkdirAll(dir, 0o755) //nolint:gosec // images are for others to read
}

// writeWhole replaces a small file in one go.
func writeWhole(path string, raw []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
