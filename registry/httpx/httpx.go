// Package httpx is the one way to a registry: an http.RoundTripper that limits
// concurrency and rate per host, retries what is safe to retry, ends what
// stalls, finds each host's certificates, and keeps a log of requests that is
// free of secrets. It imports the standard library, x/time/rate and the model;
// it knows no registry protocol and no terminal.
package httpx

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"regatta/model/redact"
	"regatta/model/ref"
)

// HostOptions is what the configuration says of one host.
type HostOptions struct {
	Concurrency int     // requests in flight, 0 means 16
	Rate        float64 // requests a second, 0 means no limit
	PlainHTTP   bool    // credentials may go there without TLS
	Insecure    bool    // certificates are not verified
	CAFile      string  // PEM, in addition to the system's roots
	CertFile    string  // PEM, the client's certificate
	KeyFile     string  // PEM, its key
}

// Options configure a Transport. Now is required.
type Options struct {
	Now           func() time.Time
	Base          http.RoundTripper                   // nil: the network
	Host          func(host string) HostOptions       // nil: defaults for every host
	Log           *slog.Logger                        // nil: the ring buffer only
	Retries       int                                 // tries after the first, 0 means 3, negative none
	HeaderTimeout time.Duration                       // until the first header, 0 means 30 s
	IdleTimeout   time.Duration                       // without a byte of a body, 0 means 30 s
	UserAgent     string                              // sent where the request has none
	CertDirs      []string                            // directories like /etc/docker/certs.d, nil: the usual ones
	Jitter        func(d time.Duration) time.Duration // nil: random between d/2 and d
}

// Transport is an http.RoundTripper for every host. It is safe for concurrent
// use.
type Transport struct {
	o     Options
	log   ring
	bases bases

	mu    sync.Mutex
	hosts map[string]*host
}

// host is the state of one host.
type host struct {
	name string
	base http.RoundTripper
	open bool // may see credentials without TLS
	gate *gate
	says says
	bars bars
}

const (
	defaultConcurrency = 16
	defaultRetries     = 3
	defaultTimeout     = 30 * time.Second
)

// New returns a Transport.
func New(o Options) *Transport {
	if o.Host == nil {
		o.Host = func(string) HostOptions { return HostOptions{} }
	}
	if o.Retries == 0 {
		o.Retries = defaultRetries
	}
	if o.HeaderTimeout == 0 {
		o.HeaderTimeout = defaultTimeout
	}
	if o.IdleTimeout == 0 {
		o.IdleTimeout = defaultTimeout
	}
	if o.Jitter == nil {
		o.Jitter = jitter
	}
	if o.CertDirs == nil {
		o.CertDirs = certDirs()
	}
	return &Transport{o: o, hosts: map[string]*host{}, bases: bases{certDirs: o.CertDirs}}
}

// RoundTrip implements http.RoundTripper. Its errors are *fault.Error; an
// answer with any status is not an error.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	h := t.host(req.URL.Host)
	if req.URL.Scheme == "http" && !h.open && carriesSecret(req) {
		closeBody(req)
		return nil, failure(req, errExposed())
	}
	var delay time.Duration
	for n := 1; ; n++ {
		resp, err := t.attempt(h, req, n, delay)
		var again bool
		if delay, again = t.retry(h, req, resp, err, n); !again {
			return resp, err
		}
		discard(resp)
		if err := wait(req.Context(), delay); err != nil {
			return nil, failure(req, err)
		}
	}
}

// attempt is one try: in through the host's gate, out to the network.
func (t *Transport) attempt(h *host, req *http.Request, n int, delay time.Duration) (*http.Response, error) {
	before := t.o.Now()
	if err := h.bars.check(req, before); err != nil {
		closeBody(req)
		return nil, failure(req, err)
	}
	leave, err := h.enter(req.Context())
	if err != nil {
		closeBody(req)
		return nil, failure(req, err)
	}
	start := t.o.Now()
	leave = t.measured(req.Context(), leave)
	e := t.log.add(Entry{
		Start: start, Method: req.Method, URL: redact.URL(req.URL), Host: h.name,
		Attempt: n, Waited: delay + start.Sub(before),
	})
	resp, err := t.send(h, req, e, leave)
	if err != nil {
		leave()
		err = failure(req, err)
		t.finish(req.Context(), e, outcome{err: err})
		return nil, err
	}
	h.says.hear(resp.Header, t.o.Now())
	return resp, nil
}

// send makes the request with deadlines and watches its body. The gate is left
// when the body ends, or at once when the caller streams.
func (t *Transport) send(h *host, req *http.Request, e uint64, leave func()) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	header := newDeadline(t.headerTimeout(ctx), func() { cancel(errNoHeader) })
	out := req.WithContext(ctx)
	watchUpload(out, header)
	t.identify(out)
	resp, err := h.base.RoundTrip(out)
	header.stop()
	if err != nil {
		err = causeOf(ctx, err)
		cancel(nil)
		return nil, err
	}
	resp.Request = req
	streams := isStream(req.Context())
	if streams {
		leave()
	}
	b := &body{inner: resp.Body, now: t.o.Now, ctx: ctx, cancel: cancel, idle: t.o.IdleTimeout}
	b.end = func(n int64, err error) {
		if !streams {
			leave()
		}
		t.finish(ctx, e, outcome{status: resp.StatusCode, bytes: n, err: err})
	}
	t.log.update(e, func(x *Entry) { x.Status, x.Duration = resp.StatusCode, t.o.Now().Sub(x.Start) })
	if resp.Body == nil || resp.Body == http.NoBody {
		b.inner = http.NoBody
		b.finish(nil)
	}
	resp.Body = b
	return resp, nil
}

func (t *Transport) identify(req *http.Request) {
	if t.o.UserAgent != "" && req.Header.Get("User-Agent") == "" {
		req.Header = req.Header.Clone()
		if req.Header == nil {
			req.Header = http.Header{}
		}
		req.Header.Set("User-Agent", t.o.UserAgent)
	}
}

func (t *Transport) host(name string) *host {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.hosts[name]
	if h == nil {
		o := t.o.Host(name)
		if o.Concurrency <= 0 {
			o.Concurrency = defaultConcurrency
		}
		h = &host{name: name, gate: newGate(o, t.o.Now), base: t.o.Base, open: o.PlainHTTP || ref.IsLoopback(name)}
		if h.base == nil {
			h.base = t.bases.forHost(name, o)
		}
		t.hosts[name] = h
	}
	return h
}

// CloseIdleConnections closes connections that wait for reuse.
func (t *Transport) CloseIdleConnections() {
	t.bases.closeIdle()
}
