package ecr

import (
	"context"
	"encoding/base64"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/google/go-containerregistry/pkg/authn"

	"regatta/model/fault"
	"regatta/registry/ecr/sdk"
)

// early is how long before its time a password is renewed.
const early = 10 * time.Minute

// password is what the registry's own endpoints take, for twelve hours.
type password struct {
	user, secret string
	expires      time.Time
}

// token asks for a password (API reference, GetAuthorizationToken).
func (c *Client) token(ctx context.Context) (password, error) {
	o := sdk.Doing("sign in to", c.Host())
	out, err := ask(ctx, c, o, (*ecr.Client).GetAuthorizationToken, &ecr.GetAuthorizationTokenInput{})
	if err != nil {
		return password{}, err
	}
	for _, data := range out.AuthorizationData {
		pair, err := base64.StdEncoding.DecodeString(aws.ToString(data.AuthorizationToken))
		user, secret, ok := strings.Cut(string(pair), ":")
		if err == nil && ok {
			return password{user, secret, instant(data.ExpiresAt)}, nil
		}
	}
	return password{}, o.Failure(fault.Protocol, "the answer holds no password")
}

// keychain implements authn.Keychain and authn.Authenticator with passwords
// that are renewed in time.
type keychain struct {
	client *Client
	now    func() time.Time

	mu   sync.Mutex
	last password
}

// Resolve implements authn.Keychain: one password is good for all repositories.
func (k *keychain) Resolve(authn.Resource) (authn.Authenticator, error) { return k, nil }

// Authorization implements authn.Authenticator.
func (k *keychain) Authorization() (*authn.AuthConfig, error) {
	return k.AuthorizationContext(context.Background())
}

// AuthorizationContext implements authn.ContextAuthenticator.
func (k *keychain) AuthorizationContext(ctx context.Context) (*authn.AuthConfig, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.last.secret == "" || !k.now().Before(k.last.expires.Add(-early)) {
		next, err := k.client.token(ctx)
		if err != nil {
			return nil, err
		}
		k.last = next
	}
	return &authn.AuthConfig{Username: k.last.user, Password: k.last.secret}, nil
}

// Forget drops a password that was refused.
func (k *keychain) Forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.last = password{}
}

// Expires is when the password for the registry's own endpoints runs out: the
// zero time before the first was needed.
func (c *Client) Expires() time.Time {
	c.keys.mu.Lock()
	defer c.keys.mu.Unlock()
	return c.keys.last.expires
}
