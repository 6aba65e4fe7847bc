package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"regatta/cmd/cli/output"
	"regatta/cmd/config"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// runOut runs the program in this process and returns what it prints.
func runOut(t *testing.T, args ...string) (code output.Exit, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	env := map[string]string{"TERM": "xterm-256color", "HTTPS_PROXY": "http://me:secret@proxy.example:3128"}
	streams := output.Streams{In: strings.NewReader(""), Out: &o, Err: &e, Env: func(k string) string { return env[k] }}
	code = run(t.Context(), args, streams, sandbox.Epoch)
	return code, o.String(), e.String()
}

// private gives the program a home of its own.
func private(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("DOCKER_CONFIG", dir)
	t.Setenv("XDG_RUNTIME_DIR", "")
	t.Setenv("XDG_CONFIG_HOME", dir)
	path := dir + "/config.yaml"
	t.Setenv(config.EnvPath, path)
	if err := os.WriteFile(path, []byte("cache: {path: "+dir+"/store.db}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestJSONPage keeps the examples of docs/json.md what the program prints.
func TestJSONPage(t *testing.T) {
	private(t)
	host, stop := serveSandbox(sandbox.Options{Now: sandbox.Epoch, Empty: true})
	defer stop()
	shop, shut := serveSandbox(sandbox.Options{Now: sandbox.Epoch})
	defer shut()
	keep := "# kept for the audit\n" + host + "/team/app:latest\n" + host + "/team/app:v0.1.0\n"
	if err := os.WriteFile(filepath.Dir(config.Path())+"/keep.txt", []byte(keep), 0o600); err != nil {
		t.Fatal(err)
	}
	const path = "../../docs/json.md"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	example := regexp.MustCompile("(?s)<!-- regatta ([^\n]*) -->\n```json\n.*?```\n")
	made := example.ReplaceAllStringFunc(string(page), func(block string) string {
		command := example.FindStringSubmatch(block)[1]
		args := strings.Fields(strings.NewReplacer("HOST", host, "SHOP", shop, "HOME", filepath.Dir(config.Path())).Replace(command))
		code, out, errOut := runOut(t, args...)
		if code != output.Done || errOut != "" && !strings.HasPrefix(errOut, "note: ") {
			t.Errorf("%s: exit code %d: %s", command, code, errOut)
		}
		return "<!-- regatta " + command + " -->\n```json\n" + anywhere(strings.ReplaceAll(out, shop, host), host) + "```\n"
	})
	if n := strings.Count(made, "```json\n{"); n < 6 {
		t.Errorf("only %d examples", n)
	}
	golden(t, path, made)
}

// anywhere takes out what differs from machine to machine.
func anywhere(out, host string) string {
	dir := strings.TrimSuffix(config.Path(), "/config.yaml")
	sum := regexp.MustCompile(`("checksum": "sha256:)[0-9a-f]{8}[0-9a-f]+`) // it covers the host's port
	return strings.NewReplacer(
		host, "registry.example", dir, "/home/you", versionText(), "v1.0.0",
		runtime.Version(), "go1.26.0", runtime.GOOS+"/"+runtime.GOARCH, "linux/amd64",
	).Replace(sum.ReplaceAllString(strings.ReplaceAll(maskRuns(out), "RUN", "k3v9xq2m"), "${1}84a22ad7"))
}

func TestAWriteThatFailsIsAnError(t *testing.T) {
	private(t)
	var e bytes.Buffer
	streams := output.Streams{Out: full{}, Err: &e, Env: func(string) string { return "" }}
	if code := run(context.Background(), []string{"version"}, streams, sandbox.Epoch); code != output.Failed {
		t.Errorf("exit code %d", code)
	}
	if want := "regatta: write the result: no space left on device\n"; e.String() != want {
		t.Errorf("stderr %q, want %q", e.String(), want)
	}
}

func refOf(t *testing.T, s string) ref.Reference {
	t.Helper()
	r, err := ref.ParseRepository(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
