package auth_test

import (
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"

	"regatta/model/fault"
	"regatta/registry/auth"
)

// home is a user with files, an environment and a clock.
type home struct {
	dir string
	env map[string]string
	now time.Time
}

func newHome(t *testing.T) *home {
	t.Helper()
	return &home{dir: t.TempDir(), env: map[string]string{}, now: time.Unix(1e9, 0)}
}

func (h *home) keychain() *auth.Keychain {
	return auth.New(auth.Options{
		Now: func() time.Time { return h.now }, Home: h.dir,
		Getenv: func(k string) string { return h.env[k] }, HelperTimeout: 300 * time.Millisecond,
	})
}

func (h *home) write(t *testing.T, path, content string) string {
	t.Helper()
	path = filepath.Join(h.dir, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func login(host, user string) string {
	pair := base64.StdEncoding.EncodeToString([]byte(user + ":pw"))
	return `{"auths":{"` + host + `":{"auth":"` + pair + `"}}}`
}

func identity(t *testing.T, k *auth.Keychain, host string) auth.Identity {
	t.Helper()
	i, err := k.Identity(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestWhereIdentitiesComeFrom(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	config := h.write(t, ".docker/config.json", `{"auths":{
		"a.example":{"auth":"`+base64.StdEncoding.EncodeToString([]byte("anna:p:w"))+`"},
		"https://b.example/v1/":{"username":"bert","password":"pw"},
		"https://index.docker.io/v1/":{"username":"hubert","password":"pw"},
		"c.example":{"identitytoken":"tok"},
		"bad.example":{"auth":"%%%"},
		"empty.example":{}
	}}`)
	podman := h.write(t, "run/containers/auth.json", login("p.example", "paul"))
	other := h.write(t, "other.json", login("o.example", "otto"))
	h.env["XDG_RUNTIME_DIR"] = filepath.Join(h.dir, "run")
	h.env["REGISTRY_AUTH_FILE"] = other
	k := h.keychain()
	for host, want := range map[string]auth.Identity{
		"a.example": {User: "anna", Source: config}, "b.example": {User: "bert", Source: config},
		"docker.io": {User: "hubert", Source: config}, "c.example": {Source: config},
		"p.example": {User: "paul", Source: podman}, "o.example": {User: "otto", Source: other},
		"bad.example": {}, "empty.example": {}, "none.example": {}, "a.example:5000": {},
	} {
		if got := identity(t, k, host); got != want {
			t.Errorf("%s: %+v, want %+v", host, got, want)
		}
	}
}

func TestRepositoryCredentials(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.write(t, ".config/containers/auth.json", `{"auths":{
		"r.example":{"username":"all","password":"1"},
		"r.example/team":{"username":"team","password":"2"}
	}}`)
	k := h.keychain()
	for repo, want := range map[string]string{"r.example/team/app": "team", "r.example/teams/app": "all"} {
		r, err := name.NewRepository(repo)
		if err != nil {
			t.Fatal(err)
		}
		if got := authorize(t, k, r); got.Username != want {
			t.Errorf("%s: %q, want %q", repo, got.Username, want)
		}
	}
}

func authorize(t *testing.T, k *auth.Keychain, r authn.Resource) *authn.AuthConfig {
	t.Helper()
	a, err := k.Resolve(r)
	if err != nil {
		t.Fatal(err)
	}
	config, err := authn.Authorization(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	return config
}

func TestLoginElsewhereIsNoticed(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	r, err := name.NewRegistry("r.example")
	if err != nil {
		t.Fatal(err)
	}
	a, err := h.keychain().Resolve(r)
	if err != nil {
		t.Fatal(err)
	}
	user := func() string {
		config, err := authn.Authorization(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		return config.Username
	}
	if got := user(); got != "" {
		t.Errorf("user %q before login", got)
	}
	h.write(t, ".docker/config.json", login("r.example", "one"))
	h.now = h.now.Add(6 * time.Minute)
	if got := user(); got != "one" {
		t.Errorf("user %q after the time to live", got)
	}
	h.write(t, ".docker/config.json", login("r.example", "two"))
	if got := user(); got != "one" {
		t.Errorf("user %q, though nothing was refused", got)
	}
	a.(interface{ Forget() }).Forget() //nolint:forcetypeassert // it must
	if got := user(); got != "two" {
		t.Errorf("user %q after a refusal", got)
	}
}

// helper puts a credential helper into PATH. The test cannot be parallel.
func helper(t *testing.T, h *home, helperName, script string) {
	t.Helper()
	path := h.write(t, "bin/docker-credential-"+helperName, "#!/bin/sh\n"+script)
	t.Setenv("PATH", filepath.Dir(path)+":"+os.Getenv("PATH"))
}

func TestHelpers(t *testing.T) {
	h := newHome(t)
	config := h.write(t, ".docker/config.json", `{"credHelpers":{"h.example":"ours","slow.example":"hangs","gone.example":"gone","path.example":"../bin/x","n.example":"none"},"credsStore":"none"}`)
	helper(t, h, "ours", `read server; echo run >> `+h.dir+`/runs; echo "{\"ServerURL\":\"$server\",\"Username\":\"hanna\",\"Secret\":\"canary\"}"`)
	helper(t, h, "hangs", `sleep 60`)
	helper(t, h, "none", `echo "credentials not found in native keychain"; exit 1`)
	k := h.keychain()
	for range 3 {
		if got := identity(t, k, "h.example"); got.User != "hanna" || got.Source != "docker-credential-ours ("+config+")" {
			t.Errorf("%+v", got)
		}
	}
	if runs, _ := os.ReadFile(filepath.Join(h.dir, "runs")); strings.Count(string(runs), "run") != 1 {
		t.Errorf("the helper ran %q, want once", runs)
	}
	if got := identity(t, k, "n.example"); !got.Anonymous() {
		t.Errorf("%+v, want none", got)
	}
	for host, want := range map[string]fault.Kind{
		"slow.example": fault.Timeout, "gone.example": fault.Auth, "path.example": fault.Invalid,
	} {
		if _, err := k.Identity(t.Context(), host); !fault.Is(err, want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v, want %s", host, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := k.Identity(ctx, "slow.example"); !fault.Is(err, fault.Cancelled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestBrokenFile(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.write(t, ".docker/config.json", `{"auths":{"r.example":{"auth":"canary"}`)
	if _, err := h.keychain().Identity(t.Context(), "r.example"); !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "canary") {
		t.Errorf("%v, want an error that names the file", err)
	}
}

func TestHostsAreNamedOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const auths = `{"auths":{"https://index.docker.io/v1/":{},"registry-1.docker.io":{},"docker.io":{},` +
		`"r.example:5000":{},"r.example/team":{},"nonsense":{}},"credHelpers":{"r.example:5000":"x"}}`
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(auths), 0o600); err != nil {
		t.Fatal(err)
	}
	k := auth.New(auth.Options{Now: time.Now, Home: dir, Getenv: func(name string) string {
		return map[string]string{"DOCKER_CONFIG": dir}[name]
	}})
	if got, want := strings.Join(k.Hosts(), " "), "docker.io r.example r.example:5000"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A helper that prints without an end, or leaves a child behind, costs neither
// memory nor time, and what it prints is in no error.
func TestHelpersAreBounded(t *testing.T) {
	h := newHome(t)
	h.write(t, ".docker/config.json", `{"credHelpers":{"a.example":"endless","b.example":"leaves","c.example":"broken","d.example":"fails"}}`)
	helper(t, h, "endless", `while :; do echo "password=CANARY CANARY CANARY CANARY CANARY"; done`)
	helper(t, h, "leaves", `sleep 600 & echo $! > `+h.dir+`/pid; echo '{"Username":"hanna","Secret":"s"}'`)
	helper(t, h, "broken", `echo '{"Username":"hanna","Secret":"CANARY"'`)
	helper(t, h, "fails", `echo 'password=CANARY'; echo 'password=CANARY' >&2; exit 1`)
	k := auth.New(auth.Options{
		Now: func() time.Time { return h.now }, Home: h.dir, Getenv: func(k string) string { return h.env[k] },
	})
	for host, kind := range map[string]fault.Kind{"a.example": fault.TooLarge, "c.example": fault.Protocol, "d.example": fault.Auth} {
		_, err := k.Identity(t.Context(), host)
		if !fault.Is(err, kind) || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: %v", host, err)
		}
	}
	if id, err := k.Identity(t.Context(), "b.example"); err != nil || id.User != "hanna" {
		t.Errorf("%+v, %v", id, err)
	}
	raw, err := os.ReadFile(filepath.Join(h.dir, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	stat := filepath.Join("/proc", strings.TrimSpace(string(raw)), "stat")
	for { // it was told to end, which it does unless this hangs
		state, err := os.ReadFile(stat)
		if err != nil || strings.Contains(string(state), ") Z ") || strings.Contains(string(state), ") X ") {
			return
		}
	}
}

// An entry that has no more than a user name, as docker leaves it beside a
// credential store, does not hide the store.
func TestUserNameAloneHidesNoStore(t *testing.T) {
	for name, entry := range map[string]string{
		"a user name": `{"username":"stale"}`, "nothing": `{}`, "an address": `{"email":"a@b.example"}`, "no object": `7`,
	} {
		h := newHome(t)
		h.write(t, ".docker/config.json", `{"auths":{"a.example":`+entry+`},"credsStore":"ours"}`)
		helper(t, h, "ours", `echo '{"Username":"hanna","Secret":"s"}'`)
		if id, err := h.keychain().Identity(t.Context(), "a.example"); err != nil || id.User != "hanna" {
			t.Errorf("%s: %+v, %v", name, id, err)
		}
	}
	h := newHome(t)
	h.write(t, ".docker/config.json", `{"auths":{"a.example":{"username":"own","password":"p"}},"credsStore":"ours"}`)
	helper(t, h, "ours", `echo '{"Username":"hanna","Secret":"s"}'`)
	if id, err := h.keychain().Identity(t.Context(), "a.example"); err != nil || id.User != "own" {
		t.Errorf("a whole entry: %+v, %v", id, err)
	}
}
