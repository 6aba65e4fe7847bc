//go:build linux

package bench

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

var markdownPath = flag.String("markdown", "", "also write the table to this `FILE`")

// BenchmarkAll is the whole run: it prints its table at the end.
func BenchmarkAll(b *testing.B) {
	t := &table{}
	p := newProgram(b)
	for _, part := range []struct {
		name    string
		measure func(*testing.B, *table, *program)
	}{
		{"size", measureSize},
		{"start", measureStart},
		{"frames", measureFrames},
		{"memory", measureMemory},
		{"tables", measureTables},
		{"changes", measureChanges},
		{"transfers", measureTransfers},
		{"files", measureFiles},
		{"layers", measureLayers},
		{"bounds", measureBounds},
		{"policies", measurePolicies},
		{"rollback", measureRollback},
	} {
		b.Run(part.name, func(b *testing.B) { part.measure(b, t, p) })
	}
	fmt.Fprintf(os.Stdout, "\n%s\n", t)
	if *markdownPath != "" {
		t.markdown(b, *markdownPath, fmt.Sprintf("%s/%s with %d processors", runtime.GOOS, runtime.GOARCH, runtime.NumCPU()))
	}
}

// program is the product as it is released.
type program struct {
	path string
	home string
	size int64
}

func newProgram(b *testing.B) *program {
	b.Helper()
	p := &program{path: filepath.Join(b.TempDir(), "regatta"), home: b.TempDir()}
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", p.path, "regatta")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	p.size = result[os.FileInfo](b)(os.Stat(p.path)).Size()
	return p
}

// command runs the program with its files in state.
func (p *program) command(b *testing.B, state string, args ...string) *exec.Cmd {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), p.path, args...)
	cmd.Env = append(os.Environ(), "HOME="+p.home, "DOCKER_CONFIG="+p.home, "XDG_CONFIG_HOME="+p.home,
		"XDG_STATE_HOME="+state, "XDG_CACHE_HOME="+state, "TERM=xterm-256color", "COLORTERM=truecolor", "NO_COLOR=")
	return cmd
}

func measureSize(_ *testing.B, t *table, p *program) {
	t.within("stripped binary", float64(p.size)/1e6, 45, "MB", "")
}

func timed(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// parallel runs f for 0 to n-1 with a number of workers.
func parallel(n int, f func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range workers {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}
