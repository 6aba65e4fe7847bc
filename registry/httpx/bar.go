package httpx

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"regatta/model/fault"
	"regatta/model/text"
)

// bars are the kinds of request that a host refuses for longer than anybody sits
// before a screen. Docker Hub's limit is on pulls: its tag lists go on working.
type bars struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// kindOfRequest is what a long refusal holds for.
func kindOfRequest(req *http.Request) string {
	for _, part := range []string{"/manifests/", "/blobs/", "/tags/"} {
		if strings.Contains(req.URL.Path, part) {
			return req.Method + part
		}
	}
	return req.Method
}

func (b *bars) put(req *http.Request, until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.until == nil {
		b.until = map[string]time.Time{}
	}
	b.until[kindOfRequest(req)] = until
}

// check is the answer to a request that would only be refused again.
func (b *bars) check(req *http.Request, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	until := b.until[kindOfRequest(req)]
	if !until.After(now) {
		return nil
	}
	return &fault.Error{
		Kind: fault.RateLimited, Detail: "the registry wants to be asked again after " + text.Stamp(until) + " UTC",
	}
}

// last is when the last bar falls.
func (b *bars) last() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	var last time.Time
	for _, until := range b.until {
		if until.After(last) {
			last = until
		}
	}
	return last
}
