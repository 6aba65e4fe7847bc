package oci_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/peertest"
)

// way is one way to set up a registry and to reach it.
type way struct {
	name   string
	peer   peertest.Options
	access httpx.HostOptions
	auth   authn.Authenticator
}

func ways(tb testing.TB) []way {
	tb.Helper()
	ca := peertest.NewAuthority(tb)
	cert, key := ca.ClientFiles()
	return []way{
		{name: "open", auth: authn.Anonymous},
		{
			name: "basic", peer: peertest.Options{User: "user", Password: "pa:ss"},
			auth: &authn.Basic{Username: "user", Password: "pa:ss"},
		},
		{
			name: "tls", peer: peertest.Options{TLS: ca}, auth: authn.Anonymous,
			access: httpx.HostOptions{CAFile: ca.CAFile()},
		},
		{
			name: "client certificate", peer: peertest.Options{TLS: ca, ClientCerts: true}, auth: authn.Anonymous,
			access: httpx.HostOptions{CAFile: ca.CAFile(), CertFile: cert, KeyFile: key},
		},
	}
}

type fixed struct{ authn.Authenticator }

func (f fixed) Resolve(authn.Resource) (authn.Authenticator, error) { return f.Authenticator, nil }

func peerTransport(o httpx.HostOptions) *httpx.Transport {
	return httpx.New(httpx.Options{Now: clock, Host: func(string) httpx.HostOptions { return o }, CertDirs: []string{}})
}

func TestPeers(t *testing.T) {
	t.Parallel()
	for _, p := range peertest.Peers() {
		for _, w := range ways(t) {
			t.Run(p.Name+" "+w.name, func(t *testing.T) {
				t.Parallel()
				r := peertest.Start(t, p, w.peer)
				tr := peerTransport(w.access)
				t.Cleanup(tr.CloseIdleConnections)
				fx := pushFixture(t, r.Host, tr, w.auth)
				c := oci.New(r.Host, oci.Options{Transport: tr, Keychain: fixed{w.auth}, Now: clock, PageSize: 2})
				checkFixture(t, c, fx)
			})
		}
	}
}

// fixture is what a peer was filled with.
type fixture struct {
	single v1.Image
	index  v1.ImageIndex
}

func pushFixture(tb testing.TB, host string, tr http.RoundTripper, auth authn.Authenticator) fixture {
	tb.Helper()
	repo, err := name.NewRepository(host + "/team/app")
	must(tb, err)
	var fx fixture
	fx.single = newImage(tb, "amd64")
	arm := newImage(tb, "arm64")
	fx.index = mutate.AppendManifests(
		empty.Index,
		mutate.IndexAddendum{Add: fx.single, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "amd64"}}},
		mutate.IndexAddendum{Add: arm, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "arm64"}}},
	)
	options := []remote.Option{remote.WithTransport(tr), remote.WithAuth(auth)}
	for _, tag := range []string{"v1", "v2", "v3"} {
		must(tb, remote.Write(repo.Tag(tag), fx.single, options...))
	}
	must(tb, remote.WriteIndex(repo.Tag("multi"), fx.index, options...))
	return fx
}

func newImage(tb testing.TB, arch string) v1.Image {
	tb.Helper()
	img, err := random.Image(1000, 3)
	must(tb, err)
	config, err := img.ConfigFile()
	must(tb, err)
	config.OS, config.Architecture = "linux", arch
	config.Created = v1.Time{Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	img, err = mutate.ConfigFile(img, config)
	must(tb, err)
	return img
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func checkFixture(t *testing.T, c *oci.Client, fx fixture) {
	t.Helper()
	ctx := t.Context()
	must(t, c.Ping(ctx))
	repos, err := c.Repositories(ctx, "")
	must(t, err)
	if len(repos.Repositories) != 1 || repos.Repositories[0].Name != "team/app" {
		t.Errorf("catalog: %+v", repos)
	}
	all := listAll(t, c, "team/app")
	if len(all) != 4 {
		t.Errorf("%d tags, want 4", len(all))
	}
	for _, img := range all {
		got, err := c.Describe(ctx, "team/app", img, false)
		must(t, err)
		checkImage(t, got, fx)
	}
	r, err := c.SurveyRepository(ctx, "team/app")
	must(t, err)
	if r.Tags != 4 || r.Images != 2 || r.Size <= 0 || r.LastPush.IsZero() {
		t.Errorf("survey: %+v", r)
	}
	if _, err := c.Manifest(ctx, "team/app", "gone"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a missing tag: %v", err)
	}
	refs, err := c.Referrers(ctx, "team/app", all[0].Digest)
	if len(all[0].Digest) == 0 {
		d, derr := c.Resolve(ctx, "team/app", "v1")
		must(t, derr)
		refs, err = c.Referrers(ctx, "team/app", d.Digest)
	}
	if err != nil || len(refs) != 0 {
		t.Errorf("referrers: %v, %v", refs, err)
	}
}

func checkImage(t *testing.T, got image.Image, fx fixture) {
	t.Helper()
	want, err := fx.single.Digest()
	must(t, err)
	platforms := 1
	if got.Tags[0] == "multi" {
		want, err = fx.index.Digest()
		must(t, err)
		platforms = 2
	}
	if string(got.Digest) != want.String() || len(got.Platforms) != platforms || got.State != image.Read {
		t.Errorf("%s: %+v, want digest %s", got.Tags[0], got, want)
	}
	if !got.Created.Equal(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)) || got.Size < 3000 || got.Platforms[0].Architecture != "amd64" {
		t.Errorf("%s: created %s, %d bytes, %+v", got.Tags[0], got.Created, got.Size, got.Platforms)
	}
}
