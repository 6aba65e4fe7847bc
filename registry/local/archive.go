package local

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/redact"
	"regatta/model/ref"
	"regatta/registry/plain"
)

// archive is a file as docker save writes it. It is written whole or not at
// all.
type archive struct {
	path string

	mu    sync.Mutex
	saved map[ref.Digest]bool // by this program
	read  *tarred             // nil until it is read
}

// Close implements Place.
func (*archive) Close() error { return nil }

// Ready implements Place.
func (a *archive) Ready(context.Context) error {
	dir := filepath.Dir(a.path)
	if info, err := os.Stat(dir); err != nil {
		return failed("write", a.path, err)
	} else if !info.IsDir() {
		return failure("write", a.path, fault.Invalid, dir+" is no directory")
	}
	return a.free()
}

// Needs implements Place.
func (*archive) Needs(blobs []image.Descriptor) int64 { return sum(blobs) }

func sum(blobs []image.Descriptor) int64 {
	var n int64
	for _, d := range blobs {
		n += d.Size
	}
	return n
}

// Has implements Place. What the file held before is not compared: writing it
// again is as good.
func (a *archive) Has(_ context.Context, what ref.Reference) (bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.saved[what.Digest], nil
}

// Save implements Place.
func (a *archive) Save(ctx context.Context, from Content, what ref.Reference, reached func(at int64)) error {
	m, err := single(ctx, from, what)
	if err != nil {
		return err
	}
	if err := room(filepath.Dir(a.path), a.path, sum(m.Blobs())); err != nil {
		return err
	}
	if err := a.free(); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(a.path), ".new-*.tar")
	if err != nil {
		return failed("write", a.path, err)
	}
	err = writeArchive(ctx, f, from, what, m, reached)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), a.path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return failed("write", a.path, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.saved = map[ref.Digest]bool{what.Digest: true}
	a.read = nil
	return nil
}

// single reads the manifest of an image for one platform, which is all that an
// archive can hold.
func single(ctx context.Context, from Content, what ref.Reference) (image.Manifest, error) {
	m, err := manifest(ctx, from, what.Repository, string(what.Digest))
	if err == nil && m.Kind != image.KindImage {
		err = failure("save", what.String(), fault.Unsupported,
			"it is "+m.Kind.String()+", and a docker archive holds an image of one platform")
	}
	return m, err
}

// Manifests implements Place. A name is a tag that the archive has for it.
func (a *archive) Manifests(ctx context.Context, name string) ([]image.Manifest, error) {
	t, err := a.open(ctx, name)
	if err != nil {
		return nil, err
	}
	return []image.Manifest{t.manifest}, nil
}

// Blob implements Place.
func (a *archive) Blob(ctx context.Context, d image.Descriptor, offset int64) (io.ReadCloser, error) {
	t, err := a.open(ctx, "")
	if err != nil {
		return nil, err
	}
	return t.blob(d, offset)
}

// open reads the archive once; a name that is given later is of no matter.
func (a *archive) open(ctx context.Context, called string) (*tarred, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.read != nil {
		return a.read, nil
	}
	t, err := readArchive(ctx, a.path, called)
	if err != nil {
		return nil, err
	}
	a.read = t
	return t, nil
}

// tarred is an image inside an archive, as a registry would have it: layers
// that are plain inside are compressed on their way out. A new digest would hide what is
// damaged, so that it is compared with what the archive says of it.
type tarred struct {
	path     string
	image    v1.Image
	manifest image.Manifest
}

func readArchive(ctx context.Context, path, called string) (*tarred, error) {
	var tag *name.Tag
	if called != "" {
		t, err := name.NewTag(called, name.WeakValidation)
		if err != nil {
			return nil, failure("read", path, fault.Invalid, redact.Line(err.Error()))
		}
		tag = &t
	}
	if err := plain.Check(path); err != nil {
		return nil, notArchive(path, err)
	}
	img, err := tarball.ImageFromPath(path, tag)
	if err != nil {
		return nil, notArchive(path, err)
	}
	entry, _ := entryOf(path, tag) // it has one, else there was no image
	if err := checkConfig(path, entry, img); err != nil {
		return nil, err
	}
	raw, err := img.RawManifest()
	if err != nil {
		return nil, notArchive(path, err)
	}
	media, err := img.MediaType()
	if err != nil {
		return nil, notArchive(path, err)
	}
	m, err := image.ParseManifest(string(media), raw)
	if err != nil {
		return nil, notArchive(path, err)
	}
	t := &tarred{path: path, image: img, manifest: m}
	return t, t.checkLayers(ctx, entry)
}

// notArchive is what a file is that cannot be read as one.
func notArchive(path string, err error) error {
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) {
		return failed("read", path, err)
	}
	return failure("read", path, fault.Invalid, "not an archive as docker save writes it: "+redact.Line(err.Error()))
}

func (t *tarred) blob(d image.Descriptor, offset int64) (io.ReadCloser, error) {
	body, err := t.content(d)
	if err != nil {
		return nil, failure("read a blob of", t.path, fault.Corrupt, redact.Line(err.Error()))
	}
	if offset > 0 {
		if _, err := io.CopyN(io.Discard, body, offset); err != nil {
			_ = body.Close()
			return nil, failed("read a blob of", t.path, err)
		}
		return body, nil
	}
	return &checked{ReadCloser: body, want: d.Digest, hash: newHash(d.Digest), object: t.path}, nil
}

func (t *tarred) content(d image.Descriptor) (io.ReadCloser, error) {
	if d.Digest == t.manifest.Config.Digest {
		raw, err := t.image.RawConfigFile()
		return io.NopCloser(bytes.NewReader(raw)), err
	}
	h, err := v1.NewHash(string(d.Digest))
	if err != nil {
		return nil, err
	}
	layer, err := t.image.LayerByDigest(h)
	if err != nil {
		return nil, err
	}
	return layer.Compressed()
}
