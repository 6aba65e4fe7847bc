package auth

import (
	"context"

	"github.com/google/go-containerregistry/pkg/authn"

	"regatta/model/ref"
	"regatta/model/text"
)

// Identity says who the user is to a host, and which file or helper says so. It
// holds no secret. An anonymous user has neither.
type Identity struct {
	User   string // "" for a token without a name
	Source string // "/home/u/.docker/config.json", "docker-credential-pass (…/config.json)"
}

// Anonymous reports whether no credentials were found.
func (i Identity) Anonymous() bool { return i.Source == "" }

// Identity finds the identity for host, HOST[:PORT] as in a reference.
func (k *Keychain) Identity(ctx context.Context, host string) (Identity, error) {
	if host == ref.DockerHub {
		host = hubHost
	}
	f, err := k.find(ctx, host, host)
	if err != nil {
		return Identity{}, err
	}
	return Identity{User: text.Clean(f.config.Username), Source: f.source}, nil
}

// found is a credential with where it comes from.
type found struct {
	config authn.AuthConfig
	source string
	helper string // the key of its helper's cache, "" for a file
}
