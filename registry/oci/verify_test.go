package oci_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
)

// wire answers requests to any host in this process.
type wire struct {
	mu    sync.Mutex
	asked []string
	play  func(*http.Request) (*http.Response, error)
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.asked = append(w.asked, req.Method+" "+req.URL.String())
	w.mu.Unlock()
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
		_ = req.Body.Close()
	}
	resp, err := w.play(req)
	if resp != nil {
		resp.Request = req
	}
	return resp, err
}

func said(status int, text string, headers ...string) *http.Response {
	r := &http.Response{
		StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text)),
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

// wired is a client of a host that is not this machine.
func wired(t *testing.T, o oci.Options, play func(*http.Request) (*http.Response, error)) (*oci.Client, *wire) {
	t.Helper()
	w := &wire{play: play}
	o.Transport = httpx.New(httpx.Options{Now: clock, Base: w, Retries: -1, CertDirs: []string{}})
	o.Now = clock
	return oci.New("registry.example", o), w
}

// Content that is not what its digest says is corrupt, whatever it is.
func TestOtherContentIsCorrupt(t *testing.T) {
	t.Parallel()
	config := `{"architecture":"amd64","os":"linux"}`
	digest := ref.DigestOf([]byte(config))
	m, err := image.ParseManifest(ociType, fmt.Appendf(nil,
		`{"schemaVersion":2,"config":{"mediaType":%q,"digest":%q,"size":%d},"layers":[]}`, image.MediaTypeOCIConfig, digest, len(config)))
	must(t, err)
	schema1 := `{"schemaVersion":1,"name":"a","fsLayers":[{"blobSum":"` + string(digest) + `"}]}`
	c := hostile(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/blobs/") {
			body(200, "application/octet-stream", strings.Replace(config, "amd64", "arm64", 1))(w, r)
			return
		}
		body(200, image.MediaTypeDockerSchema1JWS, schema1)(w, r)
	})
	_, err = c.Config(t.Context(), "a/b", m)
	checkFault(t, err, fault.Corrupt, string(digest))
	_, err = c.Manifest(t.Context(), "a/b", string(digest))
	checkFault(t, err, fault.Corrupt, string(digest))
	got, err := c.Manifest(t.Context(), "a/b", string(ref.DigestOf([]byte(schema1))))
	if err != nil || got.Kind != image.KindSchema1 {
		t.Errorf("%v, %v", got.Kind, err)
	}
}

// A host that is not this machine and cannot be reached by https is not spoken to
// without it, unless that was allowed.
func TestNoPlainHTTPElsewhere(t *testing.T) {
	t.Parallel()
	for _, insecure := range []bool{false, true} {
		c, w := wired(t, oci.Options{Insecure: insecure}, func(req *http.Request) (*http.Response, error) {
			if req.URL.Scheme == "https" {
				return nil, errors.New("tls: handshake failure")
			}
			return said(http.StatusOK, "{}"), nil
		})
		err := c.Ping(t.Context())
		plain := strings.Contains(strings.Join(w.asked, "\n"), "http://")
		if plain != insecure || (err == nil) != insecure {
			t.Errorf("insecure %v: %v, %v", insecure, err, w.asked)
		}
	}
}

// An upload goes on where the registry says, but not in this machine's network,
// nor without TLS, nor as somebody.
func TestUploadLocation(t *testing.T) {
	t.Parallel()
	content, d := blobOf(160)
	for at, ok := range map[string]bool{
		"/v2/a/b/blobs/uploads/1": true, "https://cdn.example/up?sig=CANARY": true, "https://registry.example/up": true,
		"http://cdn.example/up?sig=CANARY": false, "https://127.0.0.1/up": false, "https://169.254.169.254/latest": false,
		"https://u:CANARY@cdn.example/up": false, "ftp://cdn.example/up": false, "": false, "https://u:CANARY@ %": false,
	} {
		c, w := wired(t, oci.Options{}, func(req *http.Request) (*http.Response, error) {
			switch req.Method {
			case http.MethodPost:
				return said(http.StatusAccepted, "", "Location", at), nil
			case http.MethodPatch:
				return said(http.StatusAccepted, "", "Location", req.URL.String()), nil
			case http.MethodPut:
				return said(http.StatusCreated, ""), nil
			}
			return said(http.StatusOK, "{}"), nil
		})
		err := c.PushBlob(t.Context(), "a/b", d, reading(content))
		went := strings.Contains(strings.Join(w.asked, "\n"), "PATCH ")
		if ok != (err == nil) || ok != went || strings.Contains(fmt.Sprint(err), "CANARY") {
			t.Errorf("%s: %v, %v", at, err, w.asked)
		}
	}
}

// A registry that says it has stored something else has not stored the blob.
func TestPushedBlobIsAnother(t *testing.T) {
	t.Parallel()
	content, d := blobOf(160)
	for named, ok := range map[string]bool{string(d.Digest): true, "": true, string(ref.DigestOf(nil)): false, "sha256:x": false} {
		c, _ := wired(t, oci.Options{}, func(req *http.Request) (*http.Response, error) {
			switch req.Method {
			case http.MethodGet:
				return said(http.StatusOK, "{}"), nil
			case http.MethodPut:
				return said(http.StatusCreated, "", "Docker-Content-Digest", named), nil
			}
			return said(http.StatusAccepted, "", "Location", "/v2/a/b/blobs/uploads/1"), nil
		})
		err := c.PushBlob(t.Context(), "a/b", d, reading(content))
		if ok != (err == nil) || !ok && !fault.Is(err, fault.Corrupt) {
			t.Errorf("%q: %v", named, err)
		}
	}
}

// cut is a body that breaks after what it holds.
type cut struct{ io.Reader }

// Read implements io.Reader.
func (c cut) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Close implements io.Closer.
func (cut) Close() error { return nil }

// A blob that has more bytes than its descriptor says is corrupt, also where only
// its end is read, and where it comes after a break.
func TestMoreThanTheDescriptorSays(t *testing.T) {
	t.Parallel()
	content, d := blobOf(160)
	for _, tt := range []struct {
		offset int64
		breaks bool
	}{{0, false}, {0, true}, {16, false}, {16, true}} {
		first := tt.breaks
		c, _ := wired(t, oci.Options{}, func(req *http.Request) (*http.Response, error) {
			if !strings.Contains(req.URL.Path, "/blobs/") {
				return said(http.StatusOK, "{}"), nil
			}
			var from int
			_, _ = fmt.Sscanf(req.Header.Get("Range"), "bytes=%d-", &from)
			resp := said(http.StatusPartialContent, string(content[from:])+"and more", "Content-Range", fmt.Sprintf("bytes %d-", from))
			if from == 0 {
				resp.StatusCode = http.StatusOK
			}
			if first {
				first = false
				resp.Body, resp.ContentLength = cut{bytes.NewReader(content[from : from+32])}, -1
			}
			return resp, nil
		})
		r, err := c.Blob(t.Context(), "a/b", d, tt.offset)
		must(t, err)
		_, err = io.ReadAll(r)
		if !fault.Is(err, fault.Corrupt) || !strings.Contains(err.Error(), "more of it than its descriptor says") {
			t.Errorf("from %d, breaks %v: %v", tt.offset, tt.breaks, err)
		}
	}
}
