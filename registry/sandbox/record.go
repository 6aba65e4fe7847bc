package sandbox

import (
	"net/http"
	"slices"
)

// maxServed is how many requests are remembered; the oldest go first.
const maxServed = 1 << 16

// Request is a request that was served.
type Request struct {
	Method string
	Path   string
	Query  string // raw, without the question mark
	Status int    // zero if the request ended without an answer
	// Operation is that of the AWS account, "ecr:DescribeImages"; "" for the
	// registry's requests.
	Operation string
}

// Requests lists the requests served since the start or the last reset, in
// the order they were answered.
func (rg *Registry) Requests() []Request {
	rg.mu.RLock()
	defer rg.mu.RUnlock()
	return slices.Clone(rg.served)
}

// ResetRequests forgets the requests served.
func (rg *Registry) ResetRequests() {
	rg.mu.Lock()
	defer rg.mu.Unlock()
	rg.served = nil
}

func (rg *Registry) note(r *http.Request, operation string, status int) {
	rg.mu.Lock()
	defer rg.mu.Unlock()
	if len(rg.served) == maxServed {
		rg.served = slices.Delete(rg.served, 0, maxServed/2)
	}
	rg.served = append(rg.served, Request{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Status: status, Operation: operation,
	})
}

// recorder notes the status when it is sent, so that a client that has an
// answer finds its request noted.
type recorder struct {
	http.ResponseWriter

	note func(status int)
	sent bool
}

// Unwrap lets http.ResponseController reach the connection.
func (rec *recorder) Unwrap() http.ResponseWriter { return rec.ResponseWriter }

func (rec *recorder) WriteHeader(status int) {
	if !rec.sent {
		rec.sent = true
		rec.note(status)
	}
	rec.ResponseWriter.WriteHeader(status)
}

func (rec *recorder) Write(p []byte) (int, error) {
	if !rec.sent {
		rec.WriteHeader(http.StatusOK)
	}
	return rec.ResponseWriter.Write(p)
}

func (rec *recorder) finish() {
	if !rec.sent {
		rec.note(0)
	}
}
