package cli

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/pflag"

	"regatta/cmd/cli/demo"
	"regatta/registry/sandbox"
)

// TestScripts runs testdata/script. Beside testscript's own commands there are
//
//	serve VAR [--empty] [--auth HOW] [--quirk NAME]   starts a sandbox, its address in $VAR, its key in shop.pub
//	exits CODE ARG...                                 runs regatta, which must end with the code
//	expand FILE                                       replaces $VAR in FILE
//	mask VAR                                          copies stdout to the file masked, with HOST for $VAR
//	clean FILE                                        fails if a terminal would act on FILE
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("scripts start the program hundreds of times")
	}
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: false,
		RequireUniqueNames:  true,
		UpdateScripts:       update(),
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", filepath.Join(env.WorkDir, "home"))
			env.Setenv("DOCKER_CONFIG", filepath.Join(env.WorkDir, "docker"))
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "config"))
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, "state"))
			env.Setenv("ESC", "\x1b")
			env.Setenv(epochClock, "1")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": serveScript, "exits": exitsScript, "expand": expandScript, "mask": maskScript, "clean": cleanScript,
		},
	})
}

func serveScript(ts *testscript.TestScript, neg bool, args []string) {
	var o demo.Options
	f := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	f.BoolVar(&o.Empty, "empty", false, "")
	f.StringVar(&o.Auth, "auth", "", "")
	f.StringSliceVar(&o.Quirks, "quirk", nil, "")
	ts.Check(f.Parse(args))
	if neg || f.NArg() != 1 {
		ts.Fatalf("usage: serve VAR [--empty] [--auth HOW] [--quirk NAME]")
	}
	options, err := o.Build(sandbox.Epoch)
	ts.Check(err)
	host, stop := serveSandbox(options)
	ts.Defer(stop)
	ts.Setenv(f.Arg(0), host)
	ts.Check(os.WriteFile(ts.MkAbs("shop.pub"), []byte(sandbox.PublicKey()), 0o600))
}

// serveSandbox starts a sandbox whose clock stands still, with content of which
// every digest is known.
func serveSandbox(o sandbox.Options) (host string, stop func()) {
	reg := sandbox.New(o)
	furnish(reg)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", sandbox.Epoch().UTC().Format(http.TimeFormat))
		reg.ServeHTTP(w, r)
	}))
	return strings.TrimPrefix(server.URL, "http://"), func() {
		server.Close()
		_ = reg.Close()
	}
}

func exitsScript(ts *testscript.TestScript, _ bool, args []string) {
	want := args[0]
	got, err := "0", ts.Exec("regatta", args[1:]...)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		got = strconv.Itoa(exit.ExitCode())
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %s, want %s", got, want)
	}
}

func expandScript(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	ts.Check(os.WriteFile(path, []byte(os.Expand(ts.ReadFile(args[0]), ts.Getenv)), 0o600))
}

func maskScript(ts *testscript.TestScript, _ bool, args []string) {
	out := strings.ReplaceAll(ts.ReadFile("stdout"), ts.Getenv(args[0]), "HOST")
	out = maskRuns(strings.ReplaceAll(out, ts.Getenv("WORK"), "WORK"))
	ts.Check(os.WriteFile(ts.MkAbs("masked"), []byte(out), 0o600))
}

// maskRuns takes out the names of runs, which are random.
func maskRuns(out string) string {
	return regexp.MustCompile(`(\brun |"run": "|"undoOf": "|undo )[a-z2-7]{8}\b`).ReplaceAllString(out, "${1}RUN")
}

func cleanScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: clean FILE")
	}
	for i, r := range ts.ReadFile(args[0]) {
		if r != '\n' && (r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x202e) {
			ts.Fatalf("%s: %U at byte %d", args[0], r, i)
		}
	}
}

// furnish adds small repositories beside the seeded ones: team/app is as it
// should be, team/hostile attacks the terminal, team/odd has what is not an
// image, team/broken has a tag that cannot be read.
func furnish(reg *sandbox.Registry) {
	at := time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC)
	app := func(platform string, layers ...string) string {
		return reg.PushImage("team/app", sandbox.Image{
			Platform: platform, Created: at, Layers: layers, Env: []string{"PORT=8080"},
			History:    []string{"/bin/sh -c #(nop) ADD file:1 in /", "COPY /app /app # buildkit", "USER 1000"},
			Labels:     map[string]string{"org.opencontainers.image.version": "1.0.0"},
			Entrypoint: []string{"/app", "--greet", "hello there"},
		})
	}
	index := reg.PushIndex("team/app", app("linux/amd64", "base", "amd64"), app("linux/arm64/v8", "base", "arm64"))
	old := app("linux/amd64", "base", "old")
	for tag, digest := range map[string]string{"v1.0.0": index, "v1": index, "latest": index, "v0.9.0": old} {
		reg.Tag("team/app", tag, digest, at)
	}
	reg.PushArtifact("team/app", sandbox.Artifact{
		Type: "application/spdx+json", Subject: index, MediaType: "application/spdx+json", Content: "{}",
		Annotations: map[string]string{"org.opencontainers.image.title": "sbom"},
	})
	furnishHostile(reg, at)
	reg.Tag("team/odd", "chart", reg.PushArtifact("team/odd", sandbox.Artifact{
		Type: "application/vnd.cncf.helm.config.v1+json", MediaType: "application/tar+gzip", Content: "chart",
	}), at)
	reg.Tag("team/odd", "ancient", reg.PushRaw("team/odd", "application/vnd.docker.distribution.manifest.v1+prettyjws",
		[]byte(`{"schemaVersion":1,"name":"team/odd","tag":"ancient","fsLayers":[]}`)), at)
	reg.Tag("team/odd", "alien", reg.PushRaw("team/odd", "application/vnd.alien+json", []byte(`{"hello":"world"}`)), at)
	reg.Tag("team/broken", "good", reg.PushImage("team/broken", sandbox.Image{Created: at, Layers: []string{"x"}}), at)
	reg.Tag("team/broken", "bad", reg.PushRaw("team/broken", "application/vnd.oci.image.manifest.v1+json",
		[]byte("<<< not JSON >>>")), at)
}

func furnishHostile(reg *sandbox.Registry, at time.Time) {
	const attack = "\x1b]0;owned\x07\x1b[2J\u202egnp\x9b31m\r\nBOO\x1bPq\x1b\\"
	bad := reg.PushImage("team/hostile", sandbox.Image{
		Created: at, Layers: []string{"x"}, Env: []string{"A=" + attack}, Labels: map[string]string{"k" + attack: attack},
		Annotations: map[string]string{"k" + attack: attack}, History: []string{attack}, Entrypoint: []string{attack},
	})
	reg.Tag("team/hostile", "latest", bad, at)
	reg.PushArtifact("team/hostile", sandbox.Artifact{
		Type: "application/x" + attack, Subject: bad, MediaType: "text/" + attack, Content: attack,
		Annotations: map[string]string{attack: attack},
	})
	index := `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":` +
		`"application/vnd.oci.image.manifest.v1+json\u001b[2J","digest":"` + bad + `","size":-5,"platform":` +
		`{"os":"linux\u001b[31m","architecture":"amd64\u202e"}},{"digest":"sha256:\u001b[2J"}]}`
	reg.Tag("team/hostile", "index", reg.PushRaw("team/hostile", "application/vnd.oci.image.index.v1+json", []byte(index)), at)
}
