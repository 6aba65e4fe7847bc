package local

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/plain"
)

// layout is an OCI image layout (image-spec, image-layout.md).
type layout struct {
	dir string

	mu       sync.Mutex
	verified map[ref.Digest]bool        // blobs that this program has read whole
	busy     map[ref.Digest]*sync.Mutex // held by whoever brings the blob
}

func newLayout(dir string) *layout {
	return &layout{dir: dir, verified: map[ref.Digest]bool{}, busy: map[ref.Digest]*sync.Mutex{}}
}

// alone waits until nobody else brings the blob: images share layers.
func (l *layout) alone(d ref.Digest) (release func()) {
	l.mu.Lock()
	m := l.busy[d]
	if m == nil {
		m = &sync.Mutex{}
		l.busy[d] = m
	}
	l.mu.Unlock()
	m.Lock()
	return m.Unlock
}

// Close implements Place.
func (*layout) Close() error { return nil }

func (l *layout) path(d ref.Digest) string {
	alg, sum, _ := strings.Cut(string(d), ":")
	return filepath.Join(l.dir, "blobs", alg, sum)
}

// part is where a blob is until it is whole.
func (l *layout) part(d ref.Digest) string { return l.path(d) + ".part" }

// Blob implements Place.
func (l *layout) Blob(_ context.Context, d image.Descriptor, offset int64) (io.ReadCloser, error) {
	if _, err := ref.ParseDigest(string(d.Digest)); err != nil {
		return nil, l.failed("read a blob of", err)
	}
	f, err := plain.Open(l.path(d.Digest))
	if err != nil {
		return nil, l.failed("read a blob of", err)
	}
	if _, err := f.Seek(offset, io.SeekStart); err != nil {
		_ = f.Close()
		return nil, l.failed("read a blob of", err)
	}
	if offset > 0 {
		return f, nil
	}
	return &checked{ReadCloser: f, want: d.Digest, hash: newHash(d.Digest), object: l.dir}, nil
}

// manifest reads a manifest, and that it is what its digest says.
func (l *layout) manifest(d image.Descriptor) (image.Manifest, error) {
	if _, err := ref.ParseDigest(string(d.Digest)); err != nil {
		return image.Manifest{}, l.failed("read", err)
	}
	raw, err := readLimited(l.path(d.Digest))
	if err != nil {
		return image.Manifest{}, l.failed("read", err)
	}
	if err := d.Digest.Verify(raw); err != nil {
		return image.Manifest{}, &fault.Error{Op: "read", Object: l.dir, Kind: fault.Corrupt, Err: err}
	}
	m, err := image.ParseManifest(d.MediaType, raw)
	if err != nil {
		return m, l.failed("read", err)
	}
	m.Digest = d.Digest
	return m, nil
}

// whole reports whether a blob is here and what its digest says.
func (l *layout) whole(d image.Descriptor) bool {
	info, err := os.Stat(l.path(d.Digest))
	if err != nil || !info.Mode().IsRegular() || d.Size > 0 && info.Size() != d.Size {
		return false
	}
	l.mu.Lock()
	known := l.verified[d.Digest]
	l.mu.Unlock()
	if known {
		return true
	}
	f, err := plain.Open(l.path(d.Digest))
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // it was only read
	sum, err := digestOf(d.Digest, f)
	if err != nil || sum != d.Digest {
		return false
	}
	l.note(d.Digest)
	return true
}

func (l *layout) note(d ref.Digest) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.verified[d] = true
}

// Needs implements Place.
func (l *layout) Needs(blobs []image.Descriptor) int64 {
	var n int64
	for _, d := range blobs {
		if info, err := os.Stat(l.path(d.Digest)); err == nil && info.Size() == d.Size {
			continue
		}
		if n += d.Size; d.Size > 0 {
			if info, err := os.Stat(l.part(d.Digest)); err == nil {
				n -= min(info.Size(), d.Size)
			}
		}
	}
	return n
}

func (l *layout) failed(op string, err error) error { return failed(op, l.dir, err) }

// failed is err with a kind that there is advice for.
func failed(op, object string, err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f
	}
	f := &fault.Error{Op: op, Object: object, Kind: fault.KindOf(err), Err: err}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.Kind = fault.NotFound
	case errors.Is(err, fs.ErrPermission):
		f.Kind = fault.Denied
	case fullDisk(err):
		f.Kind, f.Detail = fault.NoSpace, "the disk is full; what is there is kept, to go on from"
	}
	return f
}
