package oci

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"regatta/model/fault"
	"regatta/model/ref"
)

// forgetter is an authenticator that can be told that what it gave was refused.
type forgetter interface {
	Forget()
}

// credential is what a request carries.
type credential struct {
	header  string // of Authorization, "" for anonymous
	secrets []string
}

// credential is the proof of identity for requests to repo, "" for the
// registry itself.
func (c *Client) credential(ctx context.Context, repo string) (credential, error) {
	ch, err := c.greet(ctx)
	if err != nil {
		return credential{}, err
	}
	if isBearer(ch) {
		t, err := c.token(ctx, repo, ch)
		if err != nil {
			return credential{}, err
		}
		return credential{header: "Bearer " + t.value, secrets: []string{t.value}}, nil
	}
	config, err := c.identity(ctx, repo)
	if err != nil {
		return credential{}, err
	}
	return basic(config), nil
}

func isBearer(ch *transport.Challenge) bool { return strings.EqualFold(ch.Scheme, "bearer") }

func basic(a authn.AuthConfig) credential {
	switch {
	case a.RegistryToken != "":
		return credential{header: "Bearer " + a.RegistryToken, secrets: []string{a.RegistryToken}}
	case a.Username != "" && a.Password != "":
		pair := base64.StdEncoding.EncodeToString([]byte(a.Username + ":" + a.Password))
		return credential{header: "Basic " + pair, secrets: []string{pair, a.Password}}
	case a.Auth != "":
		return credential{header: "Basic " + a.Auth, secrets: []string{a.Auth}}
	}
	return credential{}
}

// identity asks the keychain, through an authenticator that is kept: it knows
// when to look again.
func (c *Client) identity(ctx context.Context, repo string) (authn.AuthConfig, error) {
	a, err := c.authenticator(ctx, repo)
	if err == nil {
		var config *authn.AuthConfig
		if config, err = authn.Authorization(ctx, a); err == nil && config != nil {
			return *config, nil
		}
	}
	if err == nil {
		return authn.AuthConfig{}, nil
	}
	f := failed(request{op: "find credentials for", object: c.host}, err)
	if f.Kind == fault.Unknown {
		f.Kind = fault.Auth
	}
	return authn.AuthConfig{}, f
}

func (c *Client) authenticator(ctx context.Context, repo string) (authn.Authenticator, error) {
	c.session.mu.Lock()
	a, ok := c.session.auths.get(repo)
	c.session.mu.Unlock()
	if ok {
		return a, nil
	}
	a, err := authn.Resolve(ctx, c.o.Keychain, c.resource(repo))
	if err != nil {
		return nil, err
	}
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	c.session.auths.put(repo, a)
	return a, nil
}

// renew makes the next credential for repo a new one, after the registry
// refused the used one with resp.
func (c *Client) renew(ctx context.Context, repo string, used credential, resp *http.Response) {
	ch, err := c.parseChallenge(ctx, resp.Request.URL.Scheme, resp)
	if err == nil {
		c.session.learn(repo, ch)
	}
	if !c.session.dropToken(repo, used) {
		c.session.forget(repo)
	}
}

// learn takes in the challenge of a refusal.
func (s *session) learn(repo string, ch *transport.Challenge) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ch.Scheme != "" && (s.challenge == nil || !strings.EqualFold(s.challenge.Scheme, ch.Scheme)) {
		s.challenge = ch // the ping did not say it, or the registry changed its mind
	}
	if isBearer(ch) {
		s.scopes.put(repo, ch.Parameters["scope"])
	}
}

// dropToken drops the token for repo if it is what was used.
func (s *session) dropToken(repo string, used credential) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.tokens.get(repo)
	if ok = ok && used.header == "Bearer "+t.value; ok {
		s.tokens.remove(repo)
	}
	return ok
}

// forget drops the identity used for repo; the keychain is asked again. The
// authenticator may be waiting for a helper, which must not hold up others.
func (s *session) forget(repo string) {
	s.mu.Lock()
	a, _ := s.auths.get(repo)
	s.auths.remove(repo)
	s.mu.Unlock()
	if f, ok := a.(forgetter); ok {
		f.Forget()
	}
}

// resource names repo as keychains know it.
func (c *Client) resource(repo string) resource {
	host := c.host
	if host == ref.DockerHub {
		host = hubAuthHost
	}
	return resource{host: host, repo: repo}
}

type resource struct{ host, repo string }

// RegistryStr implements authn.Resource.
func (r resource) RegistryStr() string { return r.host }

// String implements authn.Resource.
func (r resource) String() string {
	if r.repo == "" {
		return r.host
	}
	return r.host + "/" + r.repo
}
