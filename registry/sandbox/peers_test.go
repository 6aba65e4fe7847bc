package sandbox_test

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"regatta/registry/sandbox"
)

// peer is a client of the field, run as its own process.
type peer struct {
	t    *testing.T
	path string
	home string
	host string // of the registry: host:port
}

// newPeer finds the tool, in PATH or in the repository's bin, and serves a
// registry on loopback for it.
func newPeer(t *testing.T, tool string, rg *sandbox.Registry) *peer {
	t.Helper()
	if testing.Short() {
		t.Skip("a short run is one without other programs")
	}
	path, err := exec.LookPath(tool)
	if err != nil {
		path, err = filepath.Abs(filepath.Join("..", "..", "bin", tool))
		if err == nil {
			_, err = os.Stat(path)
		}
	}
	if err != nil {
		missing := tool + " is not in PATH or bin: make tools installs crane and regctl, a package manager skopeo"
		if slices.Contains(strings.Split(os.Getenv("REGATTA_REQUIRE_PEERS"), ","), tool) {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	server := httptest.NewServer(rg)
	t.Cleanup(server.Close)
	return &peer{t: t, path: path, home: t.TempDir(), host: strings.TrimPrefix(server.URL, "http://")}
}

// run replaces HOST in the arguments by the registry's host and returns the
// output.
func (p *peer) run(args ...string) string {
	p.t.Helper()
	out, err := p.try(args...)
	if err != nil {
		p.t.Fatalf("%s %s: %v\n%s", filepath.Base(p.path), strings.Join(args, " "), err, out)
	}
	return out
}

func (p *peer) try(args ...string) (string, error) {
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "HOST", p.host)
	}
	cmd := exec.CommandContext(p.t.Context(), p.path, args...)
	cmd.Env = append(os.Environ(), "HOME="+p.home, "DOCKER_CONFIG="+p.home, "XDG_RUNTIME_DIR="+p.home, "REGCTL_CONFIG="+p.home+"/regctl.json")
	cmd.Dir = p.home
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (p *peer) want(out string, texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		if !strings.Contains(out, text) {
			p.t.Errorf("no %q in %.400s", text, out)
		}
	}
}

// withTiny adds a repository of tiny images for two platforms.
func withTiny(t *testing.T, o sandbox.Options) *sandbox.Registry {
	t.Helper()
	rg := open(t, o)
	one := rg.PushImage("tiny/app", tinyImage("linux/amd64"))
	two := rg.PushImage("tiny/app", tinyImage("linux/arm64"))
	index := rg.PushIndex("tiny/app", one, two)
	rg.Tag("tiny/app", "v1", index, clock())
	rg.Tag("tiny/app", "v2", index, clock())
	rg.Tag("tiny/app", "amd64", one, clock())
	return rg
}

func TestCrane(t *testing.T) {
	t.Parallel()
	rg := withTiny(t, sandbox.Options{})
	p := newPeer(t, "crane", rg)
	p.want(p.run("catalog", "HOST"), "shop/api", "tiny/app")
	p.want(p.run("ls", "HOST/tiny/app"), "v1", "v2", "amd64")
	p.want(p.run("manifest", "HOST/charts/shop:"+newest(t, rg)), "helm")
	p.run("pull", "HOST/tiny/app:v1", "image.tar")
	p.run("push", "image.tar", "HOST/mine/app:v1")
	p.want(p.run("validate", "--remote", "HOST/mine/app:v1"), "PASS")
	p.run("copy", "HOST/tiny/app:v1", "HOST/mine/copy:v1")
	p.want(p.run("validate", "--remote", "HOST/mine/copy:v1"), "PASS")
	if want, _ := rg.Resolve("tiny/app", "v1"); strings.TrimSpace(p.run("digest", "HOST/mine/copy:v1")) != want {
		t.Error("the copy has another digest")
	}
	p.run("delete", "HOST/tiny/app:amd64")
	p.want(p.run("ls", "HOST/tiny/app"), "v1", "v2")
	p.want(p.run("validate", "--fast", "--remote", "HOST/base/distroless:latest"), "PASS")
}

func TestCraneSignsIn(t *testing.T) {
	t.Parallel()
	for title, bearer := range map[string]bool{"basic": false, "bearer": true} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			rg := withTiny(t, sandbox.Options{Auth: sandbox.Auth{Users: users(), Bearer: bearer}})
			p := newPeer(t, "crane", rg)
			if out, err := p.try("ls", "HOST/tiny/app"); err == nil {
				t.Errorf("let in without credentials: %s", out)
			}
			p.run("auth", "login", "HOST", "-u", "ann", "-p", "secret")
			p.want(p.run("ls", "HOST/tiny/app"), "v1")
			p.run("copy", "HOST/tiny/app:v1", "HOST/mine/app:v1")
			p.run("delete", "HOST/mine/app:v1")
		})
	}
}

func TestRegctl(t *testing.T) {
	t.Parallel()
	rg := withTiny(t, sandbox.Options{})
	p := newPeer(t, "regctl", rg)
	p.run("registry", "set", "HOST", "--tls", "disabled", "--skip-check")
	p.want(p.run("repo", "ls", "HOST"), "shop/api", "tiny/app")
	p.want(p.run("tag", "ls", "HOST/tiny/app"), "v1", "v2", "amd64")
	p.run("image", "copy", "--digest-tags", "--referrers", "HOST/tiny/app:v1", "HOST/mine/app:v1")
	if want, _ := rg.Resolve("tiny/app", "v1"); strings.TrimSpace(p.run("image", "digest", "HOST/mine/app:v1")) != want {
		t.Error("the copy has another digest")
	}
	p.want(p.run("artifact", "tree", "HOST/shop/api:prod"), "cosign")
	p.run("tag", "delete", "HOST/tiny/app:v1")
	p.want(p.run("tag", "ls", "HOST/tiny/app"), "v2")
	p.run("manifest", "delete", "--force-tag-dereference", "HOST/tiny/app:v2")
	if out := p.run("tag", "ls", "HOST/tiny/app"); strings.Contains(out, "v2") {
		t.Errorf("v2 is left: %s", out)
	}
}

// regctl keeps referrers in tags where the API is missing.
func TestRegctlFallbackTags(t *testing.T) {
	t.Parallel()
	rg := withTiny(t, sandbox.Options{Quirks: sandbox.Quirks{NoReferrers: true}})
	p := newPeer(t, "regctl", rg)
	p.run("registry", "set", "HOST", "--tls", "disabled", "--skip-check")
	p.want(p.run("artifact", "list", "HOST/shop/api:prod"), "spdx")
	if err := os.WriteFile(filepath.Join(p.home, "note"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run("artifact", "put", "--artifact-type", "application/x-note", "--subject", "HOST/tiny/app:v1", "-f", "note")
	p.want(p.run("artifact", "list", "HOST/tiny/app:v1"), "application/x-note")
	p.want(p.run("tag", "ls", "HOST/tiny/app"), "sha256-")
}

func TestRegctlSignsIn(t *testing.T) {
	t.Parallel()
	for title, bearer := range map[string]bool{"basic": false, "bearer": true} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			rg := withTiny(t, sandbox.Options{Auth: sandbox.Auth{Users: users(), Bearer: bearer}})
			p := newPeer(t, "regctl", rg)
			p.run("registry", "set", "HOST", "--tls", "disabled", "--skip-check")
			p.run("registry", "login", "HOST", "-u", "ann", "-p", "secret")
			p.want(p.run("tag", "ls", "HOST/tiny/app"), "v1")
			p.run("image", "copy", "HOST/tiny/app:v1", "HOST/mine/app:v1")
			p.run("tag", "delete", "HOST/mine/app:v1")
		})
	}
}

func TestSkopeo(t *testing.T) {
	t.Parallel()
	rg := withTiny(t, sandbox.Options{})
	p := newPeer(t, "skopeo", rg)
	p.want(p.run("list-tags", "--tls-verify=false", "docker://HOST/tiny/app"), "v1", "v2", "amd64")
	p.want(p.run("inspect", "--tls-verify=false", "docker://HOST/shop/api:prod"), "org.opencontainers.image.revision")
	p.run("copy", "--insecure-policy", "--all", "--src-tls-verify=false", "docker://HOST/tiny/app:v1", "dir:image")
	p.run("copy", "--insecure-policy", "--all", "--dest-tls-verify=false", "dir:image", "docker://HOST/mine/app:v1")
	want, _ := rg.Resolve("tiny/app", "v1")
	if got, ok := rg.Resolve("mine/app", "v1"); !ok || got != want {
		t.Errorf("the copy is %s, want %s", got, want)
	}
	p.run("delete", "--tls-verify=false", "docker://HOST/tiny/app:v1")
	if _, ok := rg.Resolve("tiny/app", "v2"); ok {
		t.Error("skopeo deletes by digest, but the other tag is left")
	}
}

func TestSkopeoSignsIn(t *testing.T) {
	t.Parallel()
	for title, bearer := range map[string]bool{"basic": false, "bearer": true} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			rg := withTiny(t, sandbox.Options{Auth: sandbox.Auth{Users: users(), Bearer: bearer}})
			p := newPeer(t, "skopeo", rg)
			p.want(p.run("list-tags", "--tls-verify=false", "--creds", "ann:secret", "docker://HOST/tiny/app"), "v1")
			if out, err := p.try("list-tags", "--tls-verify=false", "--creds", "ann:no", "docker://HOST/tiny/app"); err == nil {
				t.Errorf("let in with a wrong password: %s", out)
			}
		})
	}
}
