package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"regatta/cmd/cli/browse"
	"regatta/cmd/cli/output"
	"regatta/registry/httpx"
	"regatta/registry/peertest"
)

// peer is a real registry behind TLS and basic credentials, with the config
// and the sign-in that reach it.
func peer(t *testing.T, p peertest.Peer) string {
	t.Helper()
	private(t)
	ca := peertest.NewAuthority(t)
	r := peertest.Start(t, p, peertest.Options{User: "user", Password: "pa:ss", TLS: ca})
	home := os.Getenv("HOME")
	write := func(file, content string) {
		if err := os.WriteFile(filepath.Join(home, file), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("config.yaml", fmt.Sprintf(
		"registries: [{name: peer, host: %q, tls: {ca: %q}}]\ncache: {path: store.db}\n", r.Host, ca.CAFile()))
	write("config.json", fmt.Sprintf(`{"auths":{%q:{"username":"user","password":"pa:ss"}}}`, r.Host))
	push(t, r.Host, httpx.New(httpx.Options{
		Now: time.Now, Host: func(string) httpx.HostOptions { return httpx.HostOptions{CAFile: ca.CAFile()} },
	}))
	return r.Host
}

func push(t *testing.T, host string, via http.RoundTripper) {
	t.Helper()
	repo, err := name.NewRepository(host + "/team/app")
	if err != nil {
		t.Fatal(err)
	}
	options := []remote.Option{
		remote.WithTransport(via), remote.WithAuth(&authn.Basic{Username: "user", Password: "pa:ss"}),
	}
	img, err := random.Image(1000, 3)
	if err != nil {
		t.Fatal(err)
	}
	index, err := random.Index(1000, 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range []string{"v1", "v2"} {
		if err := remote.Write(repo.Tag(tag), img, options...); err != nil {
			t.Fatal(err)
		}
	}
	if err := remote.WriteIndex(repo.Tag("v3"), index, options...); err != nil {
		t.Fatal(err)
	}
}

func TestVerbsOnPeers(t *testing.T) {
	for _, p := range peertest.Peers() {
		t.Run(p.Name, func(t *testing.T) {
			host := peer(t, p)
			say := func(args ...string) string {
				var out, errOut bytes.Buffer
				streams := output.Streams{Out: &out, Err: &errOut, Env: os.Getenv}
				if code := run(t.Context(), args, streams, time.Now); code != output.Done || errOut.Len() > 0 {
					t.Errorf("%v: exit code %d: %s", args, code, errOut.String())
				}
				if strings.Contains(out.String(), "pa:ss") {
					t.Errorf("%v: a secret in %s", args, out.String())
				}
				return out.String()
			}
			var tags browse.TagsJSON
			if err := json.Unmarshal([]byte(say("tags", host+"/team/app", "-o", "json")), &tags); err != nil {
				t.Fatal(err)
			}
			if len(tags.Images) != 2 || len(tags.Images[1].Tags) != 2 || *tags.Images[0].SizeBytes == 0 {
				t.Errorf("%+v", tags)
			}
			if out := say("repos", "peer"); !strings.Contains(out, "team/app    3") {
				t.Error(out)
			}
			if out := say("--context", "peer", "inspect", "team/app:v2"); !strings.Contains(out, "LAYERS") {
				t.Error(out)
			}
			out := say("doctor", host)
			for _, want := range []string{"TLS 1.3, certificate by CN=peertest authority", "ca.crt", "user from", "1 repository"} {
				if !strings.Contains(out, want) {
					t.Errorf("no %q in\n%s", want, out)
				}
			}
		})
	}
}
