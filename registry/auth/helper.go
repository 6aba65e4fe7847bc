package auth

import (
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"

	"regatta/model/fault"
	"regatta/model/redact"
	"regatta/registry/child"
)

// helped is what a credential helper said, for as long as it is believed.
type helped struct {
	at    time.Time
	found found
}

// ask runs docker-credential-NAME get, or repeats what it said a while ago. A
// helper that has nothing for server is not an error.
func (k *Keychain) ask(ctx context.Context, name, path, server string) (found, error) {
	key := name + " " + server
	if f, ok := k.said(key); ok {
		return f, nil
	}
	select {
	case k.running <- struct{}{}:
	case <-ctx.Done():
		return found{}, context.Cause(ctx)
	}
	defer func() { <-k.running }()
	if f, ok := k.said(key); ok {
		return f, nil
	}
	config, err := k.runHelper(ctx, name, server)
	if err != nil {
		return found{}, err
	}
	f := found{helper: key}
	if config != (authn.AuthConfig{}) {
		f.config, f.source = config, "docker-credential-"+name+" ("+path+")"
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.helpers[key] = helped{at: k.o.Now(), found: f}
	return f, nil
}

func (k *Keychain) said(key string) (found, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	h, ok := k.helpers[key]
	return h.found, ok && k.o.Now().Sub(h.at) <= k.o.TTL
}

// forget drops what the helper of f said, unless it was asked just now.
func (k *Keychain) forget(f found) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if h, ok := k.helpers[f.helper]; ok && k.o.Now().Sub(h.at) >= forgetAtMost {
		delete(k.helpers, f.helper)
	}
}

// runHelper speaks docker's credential helper protocol.
func (k *Keychain) runHelper(ctx context.Context, name, server string) (authn.AuthConfig, error) {
	q := question{"docker-credential-" + name, server}
	if strings.ContainsAny(name, `/\`) {
		return q.failed(fault.Invalid, "the name of a helper is not a path")
	}
	r, err := child.Run(ctx, child.Command{Name: q.program, Args: []string{"get"}, Stdin: server, Time: k.o.HelperTimeout})
	if ctx.Err() != nil {
		return authn.AuthConfig{}, context.Cause(ctx)
	}
	if errors.Is(err, child.ErrTooSlow) {
		return q.failed(fault.Timeout, "no answer in "+k.o.HelperTimeout.String())
	}
	return q.answered(r, err)
}

// question is what a helper is asked.
type question struct{ program, server string }

func (q question) failed(kind fault.Kind, detail string) (authn.AuthConfig, error) {
	return authn.AuthConfig{}, &fault.Error{
		Op: "ask " + q.program + " about", Object: q.server, Kind: kind, Detail: detail,
	}
}

// answered takes what the helper printed. That may be a secret and is in no error.
func (q question) answered(r child.Result, err error) (authn.AuthConfig, error) {
	switch {
	case errors.Is(err, child.ErrTooMuch):
		return q.failed(fault.TooLarge, "the helper prints more than a credential can have; it was ended")
	case errors.Is(err, exec.ErrNotFound):
		return q.failed(fault.Auth, "the helper is not installed")
	case err != nil && nothingKnown(string(r.Out)):
		return authn.AuthConfig{}, nil
	case err != nil:
		return q.failed(fault.Auth, redact.Line(err.Error()))
	}
	var said struct{ Username, Secret string }
	if json.Unmarshal(r.Out, &said) != nil {
		return q.failed(fault.Protocol, "the helper's answer is not JSON")
	}
	return asConfig(said.Username, said.Secret), nil
}

// nothingKnown recognises how helpers say that they have nothing.
func nothingKnown(out string) bool {
	return strings.Contains(out, "credentials not found") || strings.Contains(out, "no credentials")
}

func asConfig(user, secret string) authn.AuthConfig {
	if user == "<token>" {
		return authn.AuthConfig{IdentityToken: secret}
	}
	return authn.AuthConfig{Username: user, Password: secret}
}
