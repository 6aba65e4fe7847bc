package httpx

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"syscall"
	"time"

	"regatta/model/fault"
)

const (
	firstDelay = 250 * time.Millisecond
	mostDelay  = 10 * time.Second
	mostWait   = time.Minute // how long a Retry-After is honoured
)

// repeatable tells what may be sent again without anybody looking: what only
// reads, where nobody acts upon its answer in the same moment. A manifest that is
// put or deleted is sent once, also where the registry has said that it did
// nothing: what it was decided by is old by then, and to send it again may undo
// what someone else did in between.
func repeatable(req *http.Request) bool {
	reads := req.Method == http.MethodGet || req.Method == http.MethodHead
	return reads && !InMoment(req.Context())
}

// retry decides whether try n is followed by another and after which delay. A 429,
// or a 503 that says how long, holds back every request to the host.
func (t *Transport) retry(h *host, req *http.Request, resp *http.Response, err error, n int) (time.Duration, bool) {
	delay := t.o.Jitter(min(mostDelay, firstDelay<<min(n-1, 10)))
	again := n <= t.o.Retries && req.Context().Err() == nil
	if err != nil {
		return delay, again && repeatable(req) && passing(err, n)
	}
	asked, ok := retryAfter(resp.Header, t.o.Now())
	if ok {
		delay = max(asked, 0)
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		h.hold(req, delay, t.o.Now())
	case http.StatusServiceUnavailable:
		if ok {
			h.hold(req, delay, t.o.Now())
		}
	}
	// A registry that wants hours is not waited for: the caller is told.
	return delay, again && delay <= mostWait && repeatable(req) && retriable(resp.StatusCode)
}

// hold keeps requests back: all of them for a while, those like req for hours.
func (h *host) hold(req *http.Request, delay time.Duration, now time.Time) {
	if delay <= mostWait {
		h.gate.pause(delay)
		return
	}
	h.bars.put(req, now.Add(delay))
}

func retriable(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusRequestTimeout,
		http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
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
