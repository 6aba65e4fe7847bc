package sandbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
)

// errDropped is what a client sees when the registry drops the connection
// before it answers.
var errDropped = errors.New("sandbox: connection dropped by the registry")

// Transport serves requests to any host in this process, without sockets.
// Bodies stream. A handler runs until its answer is read to the end or
// closed, or until the request's context ends, and no longer.
func (rg *Registry) Transport() http.RoundTripper { return transport{rg} }

type transport struct {
	handler http.Handler
}

// RoundTrip serves one request.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(req.Context())
	x := newExchange(req, cancel)
	go x.serve(t.handler, arriving(ctx, req))
	select {
	case <-x.ready:
	case <-req.Context().Done():
		x.close()
		return nil, req.Context().Err()
	}
	if x.response == nil {
		x.close()
		return nil, errDropped
	}
	return x.response, nil
}

// arriving is the request as a server sees it.
func arriving(ctx context.Context, req *http.Request) *http.Request {
	in := req.Clone(ctx)
	in.RequestURI = in.URL.RequestURI()
	in.RemoteAddr = "127.0.0.1:0"
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	if in.Host == "" {
		in.Host = in.URL.Host
	}
	if in.URL.Scheme == "https" {
		in.TLS = &tls.ConnectionState{}
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	return in
}

// smallBody is the size in bytes up to which an answer is handed over whole.
const smallBody = 64 << 10

// exchange is one request and the answer to it, as the ResponseWriter of the
// handler and the body of the client.
type exchange struct {
	req      *http.Request
	cancel   context.CancelFunc
	ready    chan struct{} // closed when response is set, or will never be
	done     chan struct{} // closed when the handler has returned
	once     sync.Once
	response *http.Response

	body   *io.PipeReader
	stream *io.PipeWriter

	header    http.Header
	status    int
	sent      http.Header
	small     bytes.Buffer
	written   int64
	streaming bool
}

func newExchange(req *http.Request, cancel context.CancelFunc) *exchange {
	body, stream := io.Pipe()
	return &exchange{
		req: req, cancel: cancel, header: http.Header{}, body: body, stream: stream,
		ready: make(chan struct{}), done: make(chan struct{}),
	}
}

func (x *exchange) serve(h http.Handler, in *http.Request) {
	defer close(x.done)
	defer x.cancel()
	defer func() { _ = in.Body.Close() }()
	stop := context.AfterFunc(in.Context(), func() { _ = in.Body.Close() })
	defer stop()
	x.finish(x.run(h, in))
}

// run reports whether the handler dropped the connection.
func (x *exchange) run(h http.Handler, in *http.Request) (dropped bool) {
	defer func() {
		if caught := recover(); caught != nil {
			if caught != http.ErrAbortHandler { //nolint:errorlint // as net/http compares it
				panic(caught)
			}
			dropped = true
		}
	}()
	h.ServeHTTP(x, in)
	return false
}

func (x *exchange) finish(dropped bool) {
	switch {
	case !x.streaming && dropped:
		x.release(nil)
	case !x.streaming:
		x.WriteHeader(http.StatusOK)
		if x.sent.Get("Content-Length") == "" && x.hasBody() {
			x.sent.Set("Content-Length", strconv.Itoa(x.small.Len()))
		}
		x.release(io.NopCloser(&x.small))
	case dropped || x.short():
		_ = x.stream.CloseWithError(io.ErrUnexpectedEOF)
	default:
		_ = x.stream.Close()
	}
}

// short reports whether less was written than announced.
func (x *exchange) short() bool {
	n, err := strconv.ParseInt(x.sent.Get("Content-Length"), 10, 64)
	return err == nil && x.hasBody() && x.written < n
}

// close ends the handler and waits for it.
func (x *exchange) close() {
	x.cancel()
	_ = x.body.Close()
	<-x.done
}
