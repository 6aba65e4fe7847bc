package local

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/redact"
	"regatta/model/ref"
)

// usualSocket is where the Docker engine listens on a Unix system.
const usualSocket = "unix:///var/run/docker.sock"

// engine is the Docker engine's store of images, spoken to with two calls of
// its API (Docker Engine API, Images): the client library brings more modules
// than the rest of this program together.
type engine struct {
	image string // that Manifests and Blob are about
	base  string
	http  *http.Client
	temp  string

	mu    sync.Mutex
	saved map[ref.Digest]bool
	spool *archive // what the engine gave out, nil until it is asked
}

func newEngine(imageName string, o Options) (*engine, error) {
	address := o.Engine
	if address == "" {
		address = usualSocket
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "unix" && u.Scheme != "tcp" && u.Scheme != "http" {
		return nil, failure("reach", address, fault.Unsupported, "the Docker engine is reached over unix:// and tcp:// only")
	}
	e := &engine{image: imageName, temp: o.Temp, saved: map[ref.Digest]bool{}, base: "http://docker"}
	t := &http.Transport{}
	if u.Scheme == "unix" {
		t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", u.Path)
		}
	} else {
		e.base = "http://" + u.Host
	}
	e.http = &http.Client{Transport: t}
	return e, nil
}

// Close implements Place.
func (e *engine) Close() error {
	e.http.CloseIdleConnections()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.spool == nil {
		return nil
	}
	err := os.Remove(e.spool.path)
	e.spool = nil
	return err
}

// Ready implements Place.
func (e *engine) Ready(ctx context.Context) error {
	resp, err := e.do(ctx, http.MethodGet, "/_ping", nil)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// Needs implements Place.
func (*engine) Needs(blobs []image.Descriptor) int64 { return sum(blobs) }

// Has implements Place. The engine does not know images by their manifest.
func (e *engine) Has(_ context.Context, what ref.Reference) (bool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.saved[what.Digest], nil
}

// Save implements Place: the engine reads the archive while it is written.
func (e *engine) Save(ctx context.Context, from Content, what ref.Reference, reached func(at int64)) error {
	m, err := single(ctx, from, what)
	if err != nil {
		return err
	}
	r, w := io.Pipe()
	wrote := make(chan error, 1)
	go func() {
		err := writeArchive(ctx, w, from, what, m, reached)
		_ = w.CloseWithError(err) // it always succeeds
		wrote <- err
	}()
	err = e.load(ctx, r)
	_ = r.CloseWithError(io.ErrClosedPipe) // the engine may have stopped reading
	if werr := <-wrote; werr != nil && !errors.Is(werr, io.ErrClosedPipe) {
		return werr // why the engine did not get it all
	}
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.saved[what.Digest] = true
	return nil
}

func (e *engine) load(ctx context.Context, body io.Reader) error {
	resp, err := e.do(ctx, http.MethodPost, "/images/load?quiet=1", body)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }() // it was read to its end, or the error is known
	for dec := json.NewDecoder(resp.Body); ; {
		var said struct {
			Error string `json:"error"`
		}
		switch err := dec.Decode(&said); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return failed("load an image into", e.base, err)
		case said.Error != "":
			return failure("load an image into", "the Docker engine", fault.Unavailable, redact.Line(said.Error))
		}
	}
}

// mostRefusal is what is read of the engine's error, in bytes.
const mostRefusal = 64 << 10

func (e *engine) do(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, e.base+path, body)
	if err != nil {
		return nil, failed("ask", "the Docker engine", err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/x-tar")
	}
	resp, err := e.http.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, failed("ask", "the Docker engine", ctx.Err())
		}
		return nil, failure("reach", "the Docker engine", fault.Unreachable, redact.Line(rootOf(err)))
	}
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	raw, _ := io.ReadAll(io.LimitReader(resp.Body, mostRefusal))
	_ = resp.Body.Close()
	return nil, refused(resp.StatusCode, raw)
}

// rootOf is an error's text without the address that was asked.
func rootOf(err error) string {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return err.Error()
}

func refused(status int, raw []byte) error {
	var said struct {
		Message string `json:"message"`
	}
	_ = json.Unmarshal(raw, &said) // an answer without one is told by its status
	kind := fault.Unavailable
	if status == http.StatusNotFound {
		kind = fault.NotFound
	}
	if said.Message == "" {
		said.Message = http.StatusText(status)
	}
	return failure("ask", "the Docker engine", kind, redact.Line(strings.TrimSpace(said.Message)))
}
