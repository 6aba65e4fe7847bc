package oci

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"regatta/model/fault"
	"regatta/model/ref"
)

// session is what the client and its registry have agreed on: how to reach it,
// how to prove who one is, and the tokens got so far.
type session struct {
	mu        sync.Mutex
	scheme    string // "" until the first answer
	challenge *transport.Challenge
	auths     *lru[authn.Authenticator]
	tokens    *lru[token]
	scopes    *lru[string]        // asked for by the registry beyond the usual, by repository
	sources   map[string][]string // what tokens for a repository read besides
}

// maxScopes bounds what is kept of repositories looked at in one session.
const maxScopes = 512

func (s *session) init() {
	s.auths = newLRU[authn.Authenticator](maxScopes)
	s.tokens = newLRU[token](maxScopes)
	s.scopes = newLRU[string](maxScopes)
}

func (s *session) url(host, path, query string) *url.URL {
	s.mu.Lock()
	defer s.mu.Unlock()
	scheme := s.scheme
	if scheme == "" {
		scheme = "https"
	}
	return &url.URL{Scheme: scheme, Host: host, Path: path, RawQuery: query}
}

func (s *session) agreed() *transport.Challenge {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.challenge
}

func (s *session) agree(scheme string, ch *transport.Challenge) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scheme, s.challenge = scheme, ch
}

// greet finds out, once for the host, how it is reached and how it wants its
// users to prove who they are.
func (c *Client) greet(ctx context.Context) (*transport.Challenge, error) {
	if ch := c.session.agreed(); ch != nil {
		return ch, nil
	}
	return fly(ctx, &c.flights, "greet", func(ctx context.Context) (*transport.Challenge, error) {
		ch, err := c.knock(ctx, "https")
		if err != nil && (c.o.Insecure || ref.IsLoopback(c.host)) && ctx.Err() == nil && unreached(err) {
			// The first error stays if http fails too: it is why https did not work.
			if plain, plainErr := c.knock(ctx, "http"); plainErr == nil {
				return plain, nil
			}
		}
		return ch, err
	})
}

// unreached reports whether err comes from the connection, not from an answer.
func unreached(err error) bool {
	return slices.Contains([]fault.Kind{fault.TLS, fault.Unreachable, fault.Timeout, fault.Protocol}, fault.KindOf(err))
}

// knock asks for /v2/ without credentials (distribution-spec, endpoint end-1).
func (c *Client) knock(ctx context.Context, scheme string) (*transport.Challenge, error) {
	r := request{op: "reach", object: c.host}
	u := url.URL{Scheme: scheme, Host: c.endpoint, Path: "/v2/"}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, failed(r, err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, failed(r, err)
	}
	switch {
	case resp.StatusCode == http.StatusUnauthorized, resp.StatusCode == http.StatusOK && !isHTML(resp.Header):
		drain(resp)
	case resp.StatusCode == http.StatusOK:
		drain(resp)
		return nil, failure(r, fault.Protocol, "the host answers with a web page")
	default:
		return nil, refused(r, resp, nil)
	}
	ch, err := c.parseChallenge(ctx, scheme, resp)
	if err != nil {
		return nil, failed(r, err)
	}
	c.session.agree(scheme, ch)
	return ch, nil
}

// parseChallenge reads the answer's WWW-Authenticate the way
// go-containerregistry does, which only lets a ping do it: so the answer is
// played back to one.
func (c *Client) parseChallenge(ctx context.Context, scheme string, resp *http.Response) (*transport.Challenge, error) {
	reg, err := name.NewRegistry(c.endpoint)
	if err != nil {
		return nil, err
	}
	ch, err := transport.Ping(ctx, reg, playback{status: resp.StatusCode, header: resp.Header})
	if err != nil {
		return nil, err
	}
	ch.Insecure = scheme == "http"
	return ch, nil
}

type playback struct {
	status int
	header http.Header
}

// RoundTrip implements http.RoundTripper.
func (p playback) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: p.status, Header: p.header, Body: http.NoBody, Request: req}, nil
}
