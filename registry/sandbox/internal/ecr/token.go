package ecr

import (
	"crypto/rand"
	"encoding/base64"
	"sync"
	"time"

	"regatta/registry/sandbox/internal/aws"
)

// tokenTime is how long a password is good (API reference,
// GetAuthorizationToken).
const tokenTime = 12 * time.Hour

// User is the user name that goes with a password of GetAuthorizationToken.
const User = "AWS"

// passwords are those that were given out, and to whom.
type passwords struct {
	mu    sync.Mutex
	given map[string]password
}

type password struct {
	role    aws.Role
	expires time.Time
}

func (p *passwords) give(role aws.Role, now time.Time, good time.Duration) (string, time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.given == nil {
		p.given = map[string]password{}
	}
	for old, of := range p.given {
		if !now.Before(of.expires) {
			delete(p.given, old)
		}
	}
	secret := rand.Text()
	p.given[secret] = password{role, now.Add(good)}
	return secret, now.Add(good)
}

// Password finds out who a password of GetAuthorizationToken was given to.
// Known passwords are good until they expire.
func (a *API) Password(secret string, now time.Time) (role aws.Role, known, good bool) {
	a.tokens.mu.Lock()
	defer a.tokens.mu.Unlock()
	p, ok := a.tokens.given[secret]
	return p.role, ok, ok && now.Before(p.expires)
}

// Revoke ends all passwords, as if their time had come.
func (a *API) Revoke() {
	a.tokens.mu.Lock()
	defer a.tokens.mu.Unlock()
	for secret, p := range a.tokens.given {
		p.expires = time.Time{}
		a.tokens.given[secret] = p
	}
}

type authorizationData struct {
	Token     string   `json:"authorizationToken"`
	ExpiresAt aws.Time `json:"expiresAt"`
	Endpoint  string   `json:"proxyEndpoint"`
}

type getAuthorizationTokenOut struct {
	Data []authorizationData `json:"authorizationData"`
}

func (a *API) getAuthorizationToken(c *aws.Call, _ empty) (getAuthorizationTokenOut, error) {
	secret, expires := a.tokens.give(c.Role, c.Now, tokenTime)
	return getAuthorizationTokenOut{[]authorizationData{{
		Token:     base64.StdEncoding.EncodeToString([]byte(User + ":" + secret)),
		ExpiresAt: aws.Time(expires), Endpoint: endpoint(c),
	}}}, nil
}

// endpoint is the URL of the account's registry.
func endpoint(c *aws.Call) string {
	if c.Registry() == c.Host && !c.Secure {
		return "http://" + c.Registry()
	}
	return "https://" + c.Registry()
}
