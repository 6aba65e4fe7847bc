// Package peertest starts real registries on loopback for tests: Docker's
// registry 2.8 and distribution v3, open, behind basic credentials or behind
// TLS with a private authority. Only tests import it.
package peertest

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Peer is a registry program.
type Peer struct {
	Name string // of the program, as REGATTA_REQUIRE_PEERS knows it
	Get  string // how to get it
}

// Peers are the registries that tests run against.
func Peers() []Peer {
	return []Peer{
		{Name: "docker-registry", Get: "apt-get install docker-registry"},
		{Name: "registry", Get: "go install github.com/distribution/distribution/v3/cmd/registry@v3.1.2"},
	}
}

// Options say how a registry is started.
type Options struct {
	User, Password string // basic credentials, "" for none
	TLS            *Authority
	ClientCerts    bool // with TLS: only clients with a certificate of the authority
}

// Registry is a running registry.
type Registry struct {
	Peer

	Host   string // 127.0.0.1:PORT
	Config string // the file that it was started with
	Data   string // the directory where it keeps everything
}

// Start runs the registry until the test ends. It skips the test if the program
// is missing, unless REGATTA_REQUIRE_PEERS names it.
func Start(tb testing.TB, p Peer, o Options) *Registry {
	tb.Helper()
	program := Find(tb, p.Name, p.Get)
	dir := tb.TempDir()
	var failures []string
	for range 3 { // another process may take the port first
		host := freeAddress(tb)
		config := filepath.Join(dir, "config.yml")
		writeFile(tb, config, configFile(tb, dir, host, o))
		failure := run(tb, program, config, host)
		if failure == "" {
			return &Registry{Peer: p, Host: host, Config: config, Data: filepath.Join(dir, "data")}
		}
		failures = append(failures, failure)
	}
	tb.Fatalf("%s does not start:\n%s", p.Name, strings.Join(failures, "\n"))
	return nil
}

// CollectGarbage runs the registry's own collector over what it keeps, and
// returns by how many bytes its blobs shrink.
func (r *Registry) CollectGarbage(tb testing.TB) int64 {
	tb.Helper()
	before := r.blobBytes(tb)
	cmd := exec.Command(Find(tb, r.Name, r.Get), "garbage-collect", r.Config) //nolint:gosec,noctx // as above
	cmd.Env = append(os.Environ(), "OTEL_TRACES_EXPORTER=none")
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("collect garbage: %v\n%s", err, out)
	}
	return before - r.blobBytes(tb)
}

// blobBytes is the size of all manifests, configs and layers on the disk.
func (r *Registry) blobBytes(tb testing.TB) int64 {
	tb.Helper()
	var total int64
	err := filepath.WalkDir(filepath.Join(r.Data, "docker", "registry", "v2", "blobs"),
		func(_ string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if err == nil {
				total += info.Size()
			}
			return err
		})
	if err != nil {
		tb.Fatal(err)
	}
	return total
}

// Find is the path of a program that the test needs, in PATH or in the
// repository's bin. Without it the test is skipped, or fails if
// REGATTA_REQUIRE_PEERS names it. A short run is one without other programs.
func Find(tb testing.TB, name, get string) string {
	tb.Helper()
	if testing.Short() {
		tb.Skip("a short run is one without other programs")
	}
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	if path := filepath.Join(repositoryRoot(), "bin", name); isFile(path) {
		return path
	}
	message := fmt.Sprintf("%s is not installed (%s)", name, get)
	if slices.Contains(strings.Split(os.Getenv("REGATTA_REQUIRE_PEERS"), ","), name) {
		tb.Fatal(message)
	}
	tb.Skip(message)
	return ""
}

func repositoryRoot() string {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if isFile(filepath.Join(dir, "go.mod")) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	return "."
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func freeAddress(tb testing.TB) string {
	tb.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// run starts the program and waits until it listens; else it returns why not.
func run(tb testing.TB, program, config, host string) string {
	tb.Helper()
	log := &output{}
	cmd := exec.Command(program, "serve", config) //nolint:gosec,noctx // a fixed set of programs, ended below
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = append(os.Environ(), "OTEL_TRACES_EXPORTER=none")
	if err := cmd.Start(); err != nil {
		return err.Error()
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	stop := func() {
		_ = cmd.Process.Kill()
		<-ended
	}
	if !listens(tb, host, ended) {
		stop()
		return log.String()
	}
	tb.Cleanup(func() {
		stop()
		if tb.Failed() {
			tb.Logf("log of %s:\n%s", program, log)
		}
	})
	return ""
}

func listens(tb testing.TB, host string, ended <-chan struct{}) bool {
	tb.Helper()
	const patience = 200
	var d net.Dialer
	for range patience {
		if conn, err := d.DialContext(tb.Context(), "tcp", host); err == nil {
			_ = conn.Close()
			return true
		}
		select {
		case <-ended:
			return false
		case <-time.After(50 * time.Millisecond):
		}
	}
	return false
}

// output keeps the last of what a program prints.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	const most = 64 << 10
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.b.Len() > most {
		o.b.Next(o.b.Len() - most/2)
	}
	return o.b.Write(p)
}

// String is the last few lines.
func (o *output) String() string {
	const most = 2000
	o.mu.Lock()
	defer o.mu.Unlock()
	b := o.b.Bytes()
	return string(b[max(0, len(b)-most):])
}
