package oci

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"regatta/model/fault"
	"regatta/model/redact"
)

// token is a bearer token for one repository. The zero time means that it is
// good until it is refused.
type token struct {
	value   string
	expires time.Time
}

// longestToken is for how many seconds a token is believed, whatever its
// service says: some say centuries, which no time.Duration holds.
const longestToken = 24 * 60 * 60

// token returns one that is good for a while, from the token service if need
// be (docker's token authentication, RFC 6750).
func (c *Client) token(ctx context.Context, repo string, ch *transport.Challenge) (token, error) {
	c.session.mu.Lock()
	t, ok := c.session.tokens.get(repo)
	c.session.mu.Unlock()
	if ok && (t.expires.IsZero() || c.o.Now().Before(t.expires)) {
		return t, nil
	}
	return fly(ctx, &c.flights, "token "+repo, func(ctx context.Context) (token, error) {
		t, err := c.exchange(ctx, repo, ch)
		if fault.Is(err, fault.Auth) {
			// The user may have signed in again since the keychain was asked.
			c.session.forget(repo)
			t, err = c.exchange(ctx, repo, ch)
		}
		if err != nil {
			return token{}, err
		}
		c.session.mu.Lock()
		defer c.session.mu.Unlock()
		c.session.tokens.put(repo, t)
		return t, nil
	})
}

func (c *Client) exchange(ctx context.Context, repo string, ch *transport.Challenge) (token, error) {
	config, err := c.identity(ctx, repo)
	if err != nil {
		return token{}, err
	}
	if config.RegistryToken != "" {
		return token{value: config.RegistryToken}, nil
	}
	reg, err := name.NewRegistry(c.endpoint)
	if err != nil {
		return token{}, failed(c.signIn(), err)
	}
	got, err := transport.Exchange(ctx, reg, authn.FromConfig(config), c.o.Transport, c.scopesFor(repo), ch)
	if err != nil {
		return token{}, c.exchangeFailed(err, config)
	}
	t := token{value: got.Token}
	if got.AccessToken != "" {
		t.value = got.AccessToken
	}
	if got.ExpiresIn > 0 && c.o.Now != nil {
		// A little early: it must still be good when it arrives.
		t.expires = c.o.Now().Add(time.Duration(min(got.ExpiresIn, longestToken)) * time.Second * 9 / 10)
	}
	return t, nil
}

func (c *Client) signIn() request { return request{op: "sign in to", object: c.host} }

func (c *Client) scopesFor(repo string) []string {
	usual := "registry:catalog:*"
	if repo != "" {
		usual = "repository:" + repo + ":" + c.actions
	}
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	scopes := []string{usual}
	if asked, ok := c.session.scopes.get(repo); ok && asked != "" && asked != usual {
		scopes = []string{asked, usual}
	}
	for _, from := range c.session.sources[repo] {
		scopes = append(scopes, "repository:"+from+":pull")
	}
	return scopes
}

// alsoRead lets the tokens for repo read another repository, from which blobs
// are mounted.
func (s *session) alsoRead(repo, from string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if repo == from || slices.Contains(s.sources[repo], from) {
		return
	}
	if s.sources == nil {
		s.sources = map[string][]string{}
	}
	s.sources[repo] = append(s.sources[repo], from)
	s.tokens.remove(repo)
}

// noLongerRead takes alsoRead back: a token service may give no token at all where
// another repository is asked for that may not be read.
func (s *session) noLongerRead(repo, from string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sources[repo] = slices.DeleteFunc(s.sources[repo], func(name string) bool { return name == from })
	s.tokens.remove(repo)
}

// exchangeFailed keeps only what is known of err: its text may repeat the
// token service's whole answer, tokens and all.
func (c *Client) exchangeFailed(err error, config authn.AuthConfig) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return failed(c.signIn(), err)
	}
	if ctxErr := contextError(err); ctxErr != nil {
		return failed(c.signIn(), ctxErr)
	}
	secrets := append(basic(config).secrets, config.Password, config.IdentityToken)
	f := failure(c.signIn(), fault.Protocol, "")
	if refusal, ok := errors.AsType[*transport.Error](err); ok {
		r := tokenRefusal(refusal)
		f.Kind, f.Detail = r.kind(), hide(r.detail(), secrets)
		return f
	}
	first, _, _ := strings.Cut(err.Error(), ":\n")
	f.Detail = hide(redact.Line(first), secrets)
	return f
}

func tokenRefusal(e *transport.Error) *refusal {
	r := &refusal{status: e.StatusCode}
	for _, d := range e.Errors {
		r.codes = append(r.codes, string(d.Code))
		r.words = append(r.words, redact.Line(d.Message))
	}
	// Wrong credentials are 400 (RFC 6749, invalid_grant), 401 or 403 here.
	if r.status == http.StatusBadRequest {
		r.status = http.StatusUnauthorized
	}
	return r
}

func contextError(err error) error {
	for _, e := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, e) {
			return e
		}
	}
	return nil
}
