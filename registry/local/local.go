// Package local keeps images in places on this machine: OCI image layouts,
// archives as docker save writes them, and the Docker engine. It may import the
// model and go-containerregistry; it knows no registry and no terminal.
package local

import (
	"context"
	"io"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// Content is where an image is read from.
type Content interface {
	Manifest(ctx context.Context, repo, reference string) (image.Manifest, error)
	Blob(ctx context.Context, repo string, d image.Descriptor, offset int64) (io.ReadCloser, error)
	BlobExists(ctx context.Context, repo string, d image.Descriptor) (bool, error)
}

// Place keeps images. It is safe for concurrent use, and its errors are
// *fault.Error.
type Place interface {
	// Ready reports why images cannot be saved here, before one is on its way.
	Ready(ctx context.Context) error
	// Blob opens a blob from offset, in bytes.
	Blob(ctx context.Context, d image.Descriptor, offset int64) (io.ReadCloser, error)
	// Has reports whether the image what, named by its digest, is here whole.
	Has(ctx context.Context, what ref.Reference) (bool, error)
	// Save takes the image what in. It goes on where an earlier one broke off
	// if the place can keep parts, and tells how many bytes it is through.
	Save(ctx context.Context, from Content, what ref.Reference, reached func(at int64)) error
	// Manifests are those of the image called name, its root first; an empty
	// name means the only one.
	Manifests(ctx context.Context, name string) ([]image.Manifest, error)
	// Replaces is what Save writes over, as far as the place says.
	Replaces() ([]plan.Replaced, error)
	// Needs is how many bytes Save would still read to take in blobs.
	Needs(blobs []image.Descriptor) int64
	io.Closer
}

// Transport says how a place keeps images, in the words of skopeo
// (containers-transports(5)).
type Transport string

// The transports.
const (
	Layout  Transport = "oci"            // a directory (OCI image-spec, image-layout.md)
	Archive Transport = "docker-archive" // a file as docker save writes it
	Engine  Transport = "docker-daemon"  // the Docker engine (Docker Engine API)
)

// Options configure Open.
type Options struct {
	Engine string // DOCKER_HOST: unix:///path or tcp://host:port; empty is the usual socket
	Temp   string // directory for what has to be kept for a while, empty is the system's
}

// Open returns the place that name, as Parse makes it, says. It reads nothing.
func Open(name string, o Options) (Place, error) {
	t, path, err := split(name)
	if err != nil {
		return nil, err
	}
	switch t {
	case Layout:
		return newLayout(path), nil
	case Archive:
		return &archive{path: path}, nil
	case Engine:
		return newEngine(path, o)
	}
	return nil, failure("open", name, fault.Unsupported, "there is no such transport")
}

func failure(op, object string, kind fault.Kind, detail string) error {
	return &fault.Error{Op: op, Object: object, Kind: kind, Detail: detail}
}

// OneImage reports whether the place keeps images of one platform only.
func OneImage(name string) bool {
	t, _, err := split(name)
	return err == nil && t != Layout
}
