package oci_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/peertest"
	"regatta/registry/sandbox"
)

func blobOf(n int) ([]byte, image.Descriptor) {
	content := bytes.Repeat([]byte("0123456789abcdef"), n/16)
	return content, image.Descriptor{Digest: ref.DigestOf(content), Size: int64(len(content))}
}

func reading(content []byte) oci.Content {
	return func(_ context.Context, offset int64) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content[offset:])), nil
	}
}

// arrived reads the blob back from the registry.
func arrived(t *testing.T, c *oci.Client, d image.Descriptor, want []byte) {
	t.Helper()
	body, err := c.Blob(t.Context(), "team/app", d, 0)
	must(t, err)
	got, err := io.ReadAll(body)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("read back %d bytes, %v; want %d", len(got), err, len(want))
	}
	must(t, body.Close())
}

func TestPushBlobOnPeers(t *testing.T) {
	t.Parallel()
	for _, p := range peertest.Peers() {
		for _, w := range ways(t)[:2] {
			t.Run(p.Name+" "+w.name, func(t *testing.T) {
				t.Parallel()
				r := peertest.Start(t, p, w.peer)
				tr := peerTransport(w.access)
				t.Cleanup(tr.CloseIdleConnections)
				c := oci.New(r.Host, oci.Options{Transport: tr, Keychain: fixed{w.auth}, Now: clock})
				for _, n := range []int{0, 16, 5 << 20} {
					content, d := blobOf(n)
					must(t, c.PushBlob(t.Context(), "team/app", d, reading(content)))
					arrived(t, c, d, content)
				}
				content, d := blobOf(1600)
				wantKind(t, c.PushBlob(t.Context(), "team/app", d, reading(append(content[:1599:1599], 'x'))), fault.Invalid)
				there, err := c.BlobExists(t.Context(), "team/app", d)
				if there || err != nil {
					t.Errorf("what is not what its digest says is there: %v, %v", there, err)
				}
			})
		}
	}
}

// cutter breaks connections in the middle of the first uploads.
type cutter struct {
	next http.Handler
	left atomic.Int64
}

// ServeHTTP implements http.Handler.
func (c *cutter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPatch || c.left.Add(-1) < 0 {
		c.next.ServeHTTP(w, r)
		return
	}
	r.Body = io.NopCloser(io.LimitReader(r.Body, 700<<10))
	c.next.ServeHTTP(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

func TestPushGoesOnWhereItBroke(t *testing.T) {
	t.Parallel()
	content, d := blobOf(4 << 20)
	for name, test := range map[string]struct {
		breaks int64
		ok     bool
	}{"once": {1, true}, "at every part": {5, true}, "never": {0, true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reg := sandbox.New(sandbox.Options{Now: clock, Empty: true})
			t.Cleanup(func() { _ = reg.Close() })
			cut := &cutter{next: reg}
			cut.left.Store(test.breaks)
			srv := httptest.NewServer(cut)
			t.Cleanup(srv.Close)
			tr := peerTransport(httpx.HostOptions{})
			t.Cleanup(tr.CloseIdleConnections)
			c := oci.New(strings.TrimPrefix(srv.URL, "http://"), oci.Options{Transport: tr, Now: clock})
			var opened atomic.Int64
			must(t, c.PushBlob(t.Context(), "team/app", d, func(_ context.Context, offset int64) (io.ReadCloser, error) {
				if n := opened.Add(1); n > 1 && offset == 0 {
					t.Errorf("opening %d began from the start", n)
				}
				return io.NopCloser(bytes.NewReader(content[offset:])), nil
			}))
			if opened.Load() != test.breaks+1 {
				t.Errorf("opened %d times", opened.Load())
			}
			arrived(t, c, d, content)
		})
	}
}

func TestPushReportsItsSource(t *testing.T) {
	t.Parallel()
	reg := sandbox.New(sandbox.Options{Now: clock, Empty: true})
	t.Cleanup(func() { _ = reg.Close() })
	srv := httptest.NewServer(reg)
	t.Cleanup(srv.Close)
	tr := peerTransport(httpx.HostOptions{})
	t.Cleanup(tr.CloseIdleConnections)
	c := oci.New(strings.TrimPrefix(srv.URL, "http://"), oci.Options{Transport: tr, Now: clock})
	content, d := blobOf(1 << 20)
	broken := &fault.Error{Op: "read blob of", Object: "elsewhere", Kind: fault.Denied}
	for name, source := range map[string]io.Reader{
		"at the start": failing{broken}, "in the middle": io.MultiReader(bytes.NewReader(content[:1000]), failing{broken}),
		"with its last byte": io.MultiReader(bytes.NewReader(content), failing{broken}),
	} {
		err := c.PushBlob(t.Context(), "team/app", d, func(context.Context, int64) (io.ReadCloser, error) {
			return io.NopCloser(source), nil
		})
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	more := func(context.Context, int64) (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(bytes.NewReader(content), strings.NewReader("x"))), nil
	}
	wantKind(t, c.PushBlob(t.Context(), "team/app", d, more), fault.Corrupt)
	if there, err := c.BlobExists(t.Context(), "team/app", d); there || err != nil {
		t.Errorf("it is there: %v, %v", there, err)
	}
}

type failing struct{ err error }

// Read implements io.Reader.
func (f failing) Read([]byte) (int, error) { return 0, f.err }
