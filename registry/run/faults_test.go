package run_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	"regatta/model/fault"
	"regatta/model/image"
)

// full is a journal on a disk that is full after the run has begun.
type full struct{ notes }

func (full) Intend(context.Context, string, int, []image.Manifest) error {
	return &fault.Error{Op: "write to the journal", Kind: fault.Unrecorded, Detail: "no space left on device"}
}

// lossy loses the answers to changes that were made: every so many it reports a
// connection that broke, or a server error.
type lossy struct {
	base  http.RoundTripper
	every atomic.Int64 // 0: none
	seen  atomic.Int64
}

var errBroken = errors.New("the connection broke")

// RoundTrip implements http.RoundTripper.
func (l *lossy) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := l.base.RoundTrip(req)
	every := l.every.Load()
	if err != nil || every == 0 || req.Method == http.MethodGet || req.Method == http.MethodHead {
		return resp, err
	}
	n := l.seen.Add(1)
	if n%every != 0 {
		return resp, nil
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if n%2 == 0 {
		return nil, errBroken
	}
	return &http.Response{
		StatusCode: http.StatusInternalServerError, Body: io.NopCloser(strings.NewReader("{}")), Header: http.Header{}, Request: req,
	}, nil
}
