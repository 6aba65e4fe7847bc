package local

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"

	"regatta/model/fault"
	"regatta/model/image"
)

// Manifests implements Place. A name in the argument goes before the place's.
func (e *engine) Manifests(ctx context.Context, name string) ([]image.Manifest, error) {
	a, err := e.fetch(ctx)
	if err != nil {
		return nil, err
	}
	return a.Manifests(ctx, name)
}

// Blob implements Place.
func (e *engine) Blob(ctx context.Context, d image.Descriptor, offset int64) (io.ReadCloser, error) {
	a, err := e.fetch(ctx)
	if err != nil {
		return nil, err
	}
	return a.Blob(ctx, d, offset)
}

// fetch has the engine write out the image once: it gives it out as a stream,
// and digests have to be known before anything is pushed.
func (e *engine) fetch(ctx context.Context) (*archive, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.spool != nil {
		return e.spool, nil
	}
	if e.image == "" {
		return nil, failure("read from", "the Docker engine", fault.Invalid, "say which image: daemon:IMAGE")
	}
	resp, err := e.do(ctx, http.MethodGet, "/images/get?"+url.Values{"names": {e.image}}.Encode(), nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }() // it was read to its end, or the error is known
	f, err := os.CreateTemp(e.temp, "regatta-*.tar")
	if err != nil {
		return nil, failed("keep an image of", "the Docker engine", err)
	}
	_, err = io.Copy(f, resp.Body)
	if err = errors.Join(err, f.Close()); err != nil {
		_ = os.Remove(f.Name())
		return nil, failed("read from", "the Docker engine", err)
	}
	e.spool = &archive{path: f.Name()}
	return e.spool, nil
}
