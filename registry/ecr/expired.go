package ecr

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
)

// renewing makes the registry's word for a password whose time is over, which
// is 403, the one that everyone else has for it, so that a new one is asked for.
type renewing struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (t renewing) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.RoundTripper.RoundTrip(req)
	if err != nil || resp.StatusCode != http.StatusForbidden || req.Header.Get("Authorization") == "" {
		return resp, err
	}
	const most = 64 << 10
	raw, err := io.ReadAll(io.LimitReader(resp.Body, most))
	if closed := resp.Body.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(raw))
	if bytes.Contains(bytes.ToLower(raw), []byte("authorization token has expired")) {
		resp.StatusCode, resp.Status = http.StatusUnauthorized, "401 Unauthorized"
		resp.Header.Set("WWW-Authenticate", `Basic realm="`+req.URL.Host+`"`)
	}
	return resp, nil
}

// Cached lets what did not need a request into the log.
func (t renewing) Cached(method string, u *url.URL) {
	if log, ok := t.RoundTripper.(interface {
		Cached(method string, u *url.URL)
	}); ok {
		log.Cached(method, u)
	}
}
