package httpx

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"regatta/model/fault"
)

const (
	firstDelay = 250 * time.Millisecond
	mostDelay  = 10 * time.Second
	mostWait   = time.Minute // how long a Retry-After is honoured
)

// safety says after which failures a request may be sent again.
type safety uint8

const (
	never    safety = iota
	refused         // after the registry said that it did nothing: 429 and 503
	anything        // whatever happened: the request changes nothing, or always the same
)

// safetyOf knows GET and HEAD, and the registry's manifest endpoints. A tag
// that is put or a manifest that is deleted twice may undo what someone else
// did in between, or report as missing what the first try removed.
func safetyOf(req *http.Request) safety {
	if req.Body != nil && req.Body != http.NoBody && req.GetBody == nil {
		return never
	}
	_, reference, manifests := strings.Cut(req.URL.Path, "/manifests/")
	switch {
	case req.Method == http.MethodGet, req.Method == http.MethodHead:
		return anything
	case req.Method == http.MethodPut && manifests && strings.Contains(reference, ":"):
		return anything
	case manifests && (req.Method == http.MethodPut || req.Method == http.MethodDelete):
		return refused
	}
	return never
}

// retry decides whether try n is followed by another and after which delay. A
// 429 holds back every request to the host.
func (t *Transport) retry(h *host, req *http.Request, resp *http.Response, err error, n int) (time.Duration, bool) {
	delay := t.o.Jitter(min(mostDelay, firstDelay<<min(n-1, 10)))
	again := n <= t.o.Retries && req.Context().Err() == nil
	if err != nil {
		return delay, again && safetyOf(req) == anything && passing(err, n)
	}
	asked, ok := retryAfter(resp.Header, t.o.Now())
	if ok {
		delay = max(asked, 0)
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		h.hold(req, delay, t.o.Now())
	}
	// A registry that wants hours is not waited for: the caller is told.
	return delay, again && delay <= mostWait && retriable(resp.StatusCode, safetyOf(req))
}

// hold keeps requests back: all of them for a while, those like req for hours.
func (h *host) hold(req *http.Request, delay time.Duration, now time.Time) {
	if delay <= mostWait {
		h.gate.pause(delay)
		return
	}
	h.bars.put(req, now.Add(delay))
}

func retriable(status int, s safety) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return s >= refused
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		return s == anything
	}
	return false
}

// passing reports whether a connection's error may go away by itself. A
// timeout has cost the user its wait already: one more try is enough. A host
// that cannot be dialled stays so.
func passing(err error, n int) bool {
	if fault.Is(err, fault.Timeout) {
		return n == 1
	}
	if !fault.Is(err, fault.Unreachable) || errors.Is(err, syscall.ECONNREFUSED) {
		return false
	}
	op, ok := errors.AsType[*net.OpError](err)
	return !ok || op.Op != "dial"
}

// replay is req once more, with its body from the start.
func replay(req *http.Request) (*http.Request, error) {
	if req.GetBody == nil {
		return req, nil
	}
	b, err := req.GetBody()
	if err != nil {
		return req, err
	}
	again := req.WithContext(req.Context())
	again.Body = b
	return again, nil
}

// discard reads a short rest so that the connection can be used again.
func discard(resp *http.Response) {
	if resp != nil {
		_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
		_ = resp.Body.Close()
	}
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// jitter is a random duration from d/2 to d: clients that failed together must
// not come back together.
func jitter(d time.Duration) time.Duration {
	half := d / 2
	return half + rand.N(half+1) //nolint:gosec // it spreads load, it guards nothing
}
