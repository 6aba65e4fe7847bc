//go:build linux

package bench

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// measureBounds has registries and programs answer without an end, and takes how
// long regatta listens to them and what that costs.
func measureBounds(b *testing.B, t *table, p *program) {
	b.Helper()
	for _, one := range []struct {
		what  string
		serve http.HandlerFunc
		most  float64 // seconds
		mem   float64 // megabytes
	}{
		{"tags without an end, 5,000 a page", endlessPages(5000), 30, 500},
		{"pages without a tag, without an end", endlessPages(0), 10, 100},
		{"an answer of one byte a second", drip, 65, 100},
	} {
		server := httptest.NewServer(one.serve)
		host := strings.TrimPrefix(server.URL, "http://")
		t.bounded(b, one.what, p.command(b, b.TempDir(), "tags", host+"/app", "--no-details"), one.most, one.mem)
		server.CloseClientConnections()
		server.Close()
	}
	measureChildren(b, t, p)
}

// measureChildren does the same with a credential helper and a process.
func measureChildren(b *testing.B, t *table, p *program) {
	b.Helper()
	dir := b.TempDir()
	script := "#!/bin/sh\nwhile :; do echo 01234567890123456789012345678901234567890123456789; done\n"
	for name, content := range map[string]string{
		"docker-credential-endless": script, "process": script, "config.json": `{"credsStore":"endless"}`,
		"aws": "[profile p]\nregion = eu-central-1\ncredential_process = " + filepath.Join(dir, "process") + "\n",
	} {
		must(b, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o700))
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", `Basic realm="r"`)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer server.Close()
	with := func(args ...string) *exec.Cmd {
		cmd := p.command(b, b.TempDir(), args...)
		cmd.Env = append(cmd.Env, "DOCKER_CONFIG="+dir, "PATH="+dir+":"+os.Getenv("PATH"), "AWS_CONFIG_FILE="+filepath.Join(dir, "aws"),
			"AWS_SHARED_CREDENTIALS_FILE=", "AWS_EC2_METADATA_DISABLED=true")
		return cmd
	}
	host := strings.TrimPrefix(server.URL, "http://")
	t.bounded(b, "a credential helper that prints for ever", with("tags", host+"/app", "--no-details"), 10, 100)
	t.bounded(b, "a credential_process that prints for ever",
		with("tags", "111122223333.dkr.ecr.eu-central-1.amazonaws.com/app", "--no-details", "--profile", "p"), 10, 100)
}

// bounded runs the program, which is to give up, and adds what it took.
func (t *table) bounded(b *testing.B, what string, cmd *exec.Cmd, most, mem float64) {
	b.Helper()
	var both bytes.Buffer
	cmd.Stdout, cmd.Stderr = &both, &both
	peak, err := 0.0, error(nil)
	took := timed(func() {
		must(b, cmd.Start())
		peak = watch(b, cmd.Process.Pid)
		err = cmd.Wait()
	})
	out := both.String()
	if err == nil {
		b.Errorf("%s: nothing is said of it: %s", what, out)
	}
	said, _, _ := strings.Cut(out[max(0, strings.LastIndex(out, "regatta: ")):], "\n")
	b.Logf("%s: %s", what, said)
	t.within(what, took.Seconds(), most, "s", "")
	t.within("its peak of memory", peak, mem, "MB", "")
}

// endlessPages has another page after each, of n tags that no other has.
func endlessPages(n int) http.HandlerFunc {
	var asked atomic.Int64
	return func(w http.ResponseWriter, r *http.Request) {
		page := asked.Add(1)
		names := make([]string, n)
		for i := range names {
			names[i] = fmt.Sprintf(`"v%d-%d"`, page, i)
		}
		w.Header().Set("Link", fmt.Sprintf(`<%s?last=%d>; rel="next"`, r.URL.Path, page))
		_, _ = fmt.Fprintf(w, `{"name":"app","tags":[%s]}`, strings.Join(names, ","))
	}
}

// drip answers a byte a second.
func drip(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/v2/" {
		return
	}
	for every := time.NewTicker(time.Second); ; {
		select {
		case <-r.Context().Done():
			every.Stop()
			return
		case <-every.C:
			_, _ = w.Write([]byte(" "))
			_ = http.NewResponseController(w).Flush()
		}
	}
}
