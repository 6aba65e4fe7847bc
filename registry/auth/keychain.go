// Package auth finds who the user is to a registry: docker's and podman's
// configuration files and their credential helpers. What it finds it looks up
// again after a while, so that signing in elsewhere is noticed. It imports the
// standard library, go-containerregistry's authn and the model; it knows no
// terminal.
package auth

import (
	"context"
	"os"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
)

// Options configure a Keychain. Now is required.
type Options struct {
	Now           func() time.Time
	Getenv        func(string) string // nil: the process's environment
	Home          string              // "": the user's
	TTL           time.Duration       // how long an identity is believed, 0 means 5 min
	HelperTimeout time.Duration       // how long a credential helper may take, 0 means 20 s
}

// Keychain is an authn.Keychain and authn.ContextKeychain. It is safe for
// concurrent use.
type Keychain struct {
	o Options

	running chan struct{} // taken while a helper runs: they may ask the user

	mu      sync.Mutex
	helpers map[string]helped
}

const (
	defaultTTL     = 5 * time.Minute
	defaultTimeout = 20 * time.Second
	// A refused identity is looked up again, but not once a request.
	forgetAtMost = 3 * time.Second
)

// New returns a Keychain.
func New(o Options) *Keychain {
	if o.Getenv == nil {
		o.Getenv = os.Getenv
	}
	if o.Home == "" {
		o.Home, _ = os.UserHomeDir()
	}
	if o.TTL == 0 {
		o.TTL = defaultTTL
	}
	if o.HelperTimeout == 0 {
		o.HelperTimeout = defaultTimeout
	}
	return &Keychain{o: o, running: make(chan struct{}, 1), helpers: map[string]helped{}}
}

// Resolve implements authn.Keychain.
func (k *Keychain) Resolve(target authn.Resource) (authn.Authenticator, error) {
	return k.ResolveContext(context.Background(), target)
}

// ResolveContext implements authn.ContextKeychain. The identity is found when
// it is first asked for, not now.
func (k *Keychain) ResolveContext(_ context.Context, target authn.Resource) (authn.Authenticator, error) {
	return &identity{looking: make(chan struct{}, 1), keychain: k, name: target.String(), host: target.RegistryStr()}, nil
}

// identity is an authn.Authenticator that looks again when what it knows is old
// or was refused.
type identity struct {
	keychain *Keychain
	name     string // HOST/REPOSITORY
	host     string

	looking chan struct{} // taken by who reads or writes what follows
	known   bool
	at      time.Time
	found   found
}

// Authorization implements authn.Authenticator.
func (i *identity) Authorization() (*authn.AuthConfig, error) {
	return i.AuthorizationContext(context.Background())
}

// AuthorizationContext implements authn.ContextAuthenticator.
func (i *identity) AuthorizationContext(ctx context.Context) (*authn.AuthConfig, error) {
	select {
	case i.looking <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-i.looking }()
	now := i.keychain.o.Now()
	if !i.known || now.Sub(i.at) > i.keychain.o.TTL {
		f, err := i.keychain.find(ctx, i.name, i.host)
		if err != nil {
			return nil, err
		}
		i.known, i.at, i.found = true, now, f
	}
	config := i.found.config
	return &config, nil
}

// Forget makes the next request look again, because a registry refused what was
// found.
func (i *identity) Forget() {
	i.looking <- struct{}{}
	defer func() { <-i.looking }()
	i.known = false
	i.keychain.forget(i.found)
}
