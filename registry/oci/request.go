package oci

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"regatta/model/fault"
	"regatta/registry/httpx"
)

// request is one request to the registry. Op and object say what it is for.
type request struct {
	op, object string
	repo       string // whose token it needs, "" for the registry's
	method     string // "" is GET
	path       string
	query      string
	location   *url.URL // in place of path and query: where an upload goes on
	accept     []string
	ranged     string // of the Range header
	body       []byte
	stream     func() (io.ReadCloser, error) // in place of body: opened anew for every try
	length     int64                         // of the stream
	span       string                        // of the Content-Range header
	unless     string                        // of the If-None-Match header: 304 is an answer then
	media      string                        // of the body
	limit      int64
}

// answer is a whole answer in memory.
type answer struct {
	header http.Header
	body   []byte
}

// get makes r and reads the answer. A body that breaks off is asked for once
// more.
func (c *Client) get(ctx context.Context, r request) (answer, error) {
	for try := 1; ; try++ {
		resp, err := c.do(ctx, r)
		if err != nil {
			return answer{}, err
		}
		if isHTML(resp.Header) {
			drain(resp)
			return answer{}, failure(r, fault.Protocol, "the answer is a web page")
		}
		body, err := httpx.ReadLimited(resp, r.limit)
		if err == nil {
			return answer{resp.Header, body}, nil
		}
		if try > 1 || ctx.Err() != nil || !fault.Is(err, fault.Unreachable) {
			return answer{}, failed(r, err)
		}
	}
}

// do makes r with credentials, and once more with new ones if they are
// refused; not where those were got beforehand, so that nothing comes in between.
// Any status but 2xx is an error.
func (c *Client) do(ctx context.Context, r request) (*http.Response, error) {
	resp, used, err := c.authorized(ctx, r)
	if err != nil {
		return nil, failed(r, err)
	}
	if resp.Header.Get("Ratelimit-Limit") != "" {
		c.ratelimit.Store(true)
	}
	answered := resp.StatusCode >= 200 && resp.StatusCode <= 299
	if answered || r.unless != "" && resp.StatusCode == http.StatusNotModified {
		return resp, nil
	}
	return nil, refused(r, resp, used.secrets)
}

func (c *Client) authorized(ctx context.Context, r request) (*http.Response, credential, error) {
	used, ready, err := c.credentialAt(ctx, r.repo)
	if err != nil {
		return nil, used, err
	}
	resp, err := c.send(ctx, r, used)
	// Only the registry says who may ask for its credentials, not a host that it redirects to.
	if err != nil || resp.StatusCode != http.StatusUnauthorized || resp.Request.URL.Host != c.endpoint {
		return resp, used, err
	}
	if ready {
		c.renew(ctx, r.repo, used, resp)
		return resp, used, nil
	}
	return c.retryAuthorized(ctx, r, used, resp)
}

// retryAuthorized leaves the refusal to be reported if there is nothing new to
// offer.
func (c *Client) retryAuthorized(
	ctx context.Context, r request, used credential, resp *http.Response,
) (*http.Response, credential, error) {
	c.renew(ctx, r.repo, used, resp)
	next, err := c.credential(ctx, r.repo)
	if err == nil && next.header == used.header {
		return resp, used, nil
	}
	drain(resp)
	if err != nil {
		return nil, used, err
	}
	resp, err = c.send(ctx, r, next)
	return resp, next, err
}

func (c *Client) send(ctx context.Context, r request, with credential) (*http.Response, error) {
	method := r.method
	if method == "" {
		method = http.MethodGet
	}
	content, err := r.content()
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, "https://"+c.endpoint, content)
	if err != nil {
		return nil, err
	}
	if r.stream != nil {
		req.ContentLength = r.length
	}
	req.URL = c.session.url(c.endpoint, r.path, r.query)
	if r.location != nil {
		if r.location.Host != req.URL.Host || r.location.Scheme != req.URL.Scheme {
			with = credential{}
		}
		req.URL = r.location
	}
	r.headers(req.Header)
	if with.header != "" {
		req.Header.Set("Authorization", with.header)
	}
	return c.http.Do(req)
}

func (r request) headers(h http.Header) {
	for name, value := range map[string]string{
		"Accept": strings.Join(r.accept, ", "), "Range": r.ranged, "Content-Range": r.span, "Content-Type": r.media,
		"If-None-Match": r.unless,
	} {
		if value != "" {
			h.Set(name, value)
		}
	}
}

// content is the body to send. Only one that is in memory can be sent again by
// the transport.
func (r request) content() (io.Reader, error) {
	switch {
	case r.stream != nil:
		return r.stream()
	case r.body != nil:
		return bytes.NewReader(r.body), nil
	}
	return http.NoBody, nil
}

// drain lets the connection be used again.
func drain(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, maxRefusal)
	_ = resp.Body.Close()
}
