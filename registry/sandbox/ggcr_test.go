package sandbox_test

import (
	"slices"
	"testing"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"

	"regatta/registry/sandbox"
)

// Writing and reading back with go-containerregistry, under each kind of
// authentication.
func TestRemoteRoundTrip(t *testing.T) {
	t.Parallel()
	users := map[string]string{"ann": "secret"}
	for title, auth := range map[string]sandbox.Auth{
		"anonymous": {},
		"basic":     {Users: users},
		"bearer":    {Users: users, Bearer: true},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			rg := open(t, sandbox.Options{Empty: true, Auth: auth})
			options := []remote.Option{
				remote.WithTransport(rg.Transport()), remote.WithContext(t.Context()),
				remote.WithAuth(&authn.Basic{Username: "ann", Password: "secret"}),
			}
			roundTrip(t, options)
		})
	}
}

func roundTrip(t *testing.T, options []remote.Option) {
	t.Helper()
	index, err := random.Index(200<<10, 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	tag, err := name.NewTag(host + "/team/app:v1")
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.WriteIndex(tag, index, options...); err != nil {
		t.Fatal(err)
	}
	got, err := remote.Index(tag, options...)
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(got); err != nil {
		t.Error(err)
	}
	tags, err := remote.List(tag.Context(), options...)
	if err != nil || !slices.Equal(tags, []string{"v1"}) {
		t.Errorf("tags %v, %v", tags, err)
	}
	repos, err := remote.Catalog(t.Context(), tag.Registry, options...)
	if err != nil || !slices.Equal(repos, []string{"team/app"}) {
		t.Errorf("catalog %v, %v", repos, err)
	}
}

func TestRemoteRefusesStrangers(t *testing.T) {
	t.Parallel()
	for _, bearer := range []bool{false, true} {
		rg := open(t, sandbox.Options{
			Auth: sandbox.Auth{Users: map[string]string{"ann": "secret"}, Bearer: bearer},
		})
		tag, err := name.NewTag(host + "/shop/api:latest")
		if err != nil {
			t.Fatal(err)
		}
		wrong := remote.WithAuth(&authn.Basic{Username: "ann", Password: "guess"})
		if _, err := remote.Get(tag, remote.WithTransport(rg.Transport()), wrong); err == nil {
			t.Errorf("bearer %v: a wrong password was let in", bearer)
		}
	}
}
