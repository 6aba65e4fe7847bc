package httpx_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/fault"
	"regatta/registry/httpx"
)

// chunked is an answer that does not say how long it is.
func chunked(n int) *http.Response {
	r := reply(http.StatusOK, strings.Repeat("x", n))
	r.ContentLength = -1
	return r
}

// An answer of one byte more than is accepted is refused, whether it says so or
// not; one that fits is whole.
func TestReadLimitedToTheByte(t *testing.T) {
	t.Parallel()
	const limit = 1000
	for _, tt := range []struct {
		resp *http.Response
		ok   bool
	}{
		{chunked(limit), true},       //nolint:bodyclose // closed by what is tested
		{chunked(limit + 1), false},  //nolint:bodyclose // closed by what is tested
		{chunked(10 * limit), false}, //nolint:bodyclose // closed by what is tested
		{reply(http.StatusOK, strings.Repeat("x", limit)), true},
		{reply(http.StatusOK, strings.Repeat("x", limit+1)), false}, //nolint:bodyclose // as above
	} {
		raw, err := httpx.ReadLimited(tt.resp, limit)
		switch {
		case tt.ok && (err != nil || len(raw) != limit):
			t.Errorf("%d bytes, %v", len(raw), err)
		case !tt.ok && (!fault.Is(err, fault.TooLarge) || raw != nil):
			t.Errorf("%d bytes, %v, want too large", len(raw), err)
		}
	}
}

// broken is a body that ends with an error.
type broken struct{ io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (broken) Close() error { return nil }

// However a request ends, its place at the host is free again.
func TestTheGateIsWholeAfterEveryEnd(t *testing.T) {
	t.Parallel()
	read := func(resp *http.Response) { _, _ = io.Copy(io.Discard, resp.Body) }
	for name, tt := range map[string]struct {
		play play
		ctx  func(context.Context) (context.Context, context.CancelFunc)
		end  func(*http.Response)
	}{
		"read to the end": {func(int, *http.Request) (*http.Response, error) { return reply(200, "abc"), nil }, nil, read},
		"closed at once":  {func(int, *http.Request) (*http.Response, error) { return reply(200, "abc"), nil }, nil, func(r *http.Response) { _ = r.Body.Close() }},
		"read and closed": {func(int, *http.Request) (*http.Response, error) { return reply(200, "abc"), nil }, nil, func(r *http.Response) { read(r); _ = r.Body.Close(); _ = r.Body.Close() }},
		"no body": {func(int, *http.Request) (*http.Response, error) {
			r := reply(204, "")
			r.Body = http.NoBody
			return r, nil
		}, nil, func(*http.Response) {}},
		"no answer": {func(int, *http.Request) (*http.Response, error) { return nil, errors.New("refused") }, nil, nil},
		"a body that breaks": {func(int, *http.Request) (*http.Response, error) {
			r := reply(200, "")
			r.Body = broken{strings.NewReader("abc")}
			return r, nil
		}, nil, read},
		"cancelled before": {func(int, *http.Request) (*http.Response, error) { return reply(200, ""), nil }, func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return ctx, cancel
		}, nil},
		"no header in time": {func(_ int, req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		}, nil, nil},
		"a stream": {func(int, *http.Request) (*http.Response, error) { return reply(200, "abc"), nil }, func(ctx context.Context) (context.Context, context.CancelFunc) {
			return httpx.Streaming(ctx), func() {}
		}, read},
		"tried again": {func(n int, _ *http.Request) (*http.Response, error) { return reply(500+n%2, "abc"), nil }, nil, read},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tr, _ := setUp(tt.play, httpx.Options{Retries: 1, HeaderTimeout: time.Second})
				for range 40 { // more than there are places: one that is lost each time would hang this
					ctx, cancel := t.Context(), context.CancelFunc(func() {})
					if tt.ctx != nil {
						ctx, cancel = tt.ctx(ctx)
					}
					req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://a.example/v2/", nil)
					if err != nil {
						t.Fatal(err)
					}
					if resp, err := tr.RoundTrip(req); err == nil && tt.end != nil { //nolint:bodyclose // some ends do not close it
						tt.end(resp)
					}
					cancel()
				}
				if n := tr.Load().InFlight; n != 0 {
					t.Errorf("%d requests are still in flight", n)
				}
			})
		})
	}
}
