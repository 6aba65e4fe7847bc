//go:build unix

package child_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"regatta/registry/child"
)

// sh is a program that behaves as script says.
func sh(script string) child.Command {
	return child.Command{Name: "/bin/sh", Args: []string{"-c", script}}
}

func TestRun(t *testing.T) {
	t.Parallel()
	c := sh(`read line; echo "got $line"; echo complaint >&2`)
	c.Stdin = "hello\n"
	r, err := child.Run(t.Context(), c)
	if err != nil || string(r.Out) != "got hello\n" || r.Said != "complaint\n" {
		t.Errorf("%q, %q, %v", r.Out, r.Said, err)
	}
	r, err = child.Run(t.Context(), sh("echo out; echo why >&2; exit 3"))
	if e := new(exec.ExitError); !errors.As(err, &e) || e.ExitCode() != 3 || string(r.Out) != "out\n" || r.Said != "why\n" {
		t.Errorf("%q, %q, %v", r.Out, r.Said, err)
	}
	if _, err = child.Run(t.Context(), sh("kill -SEGV $$")); err == nil {
		t.Error("a program that crashes has ended well")
	}
	if _, err = child.Run(t.Context(), child.Command{Name: "there-is-no-such-program"}); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

// leaves is a script that starts a child, which holds the output open, and says
// who it is.
func leaves(t *testing.T, then string) (script string, pid func() int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pid")
	return "sleep 600 & echo $! > " + path + "; " + then, func() int {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(strings.TrimSpace(string(raw)))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
}

// gone waits for the end of a process that was told to: init takes it away. The
// test ends by its own time limit if it never does.
func gone(t *testing.T, pid int) {
	t.Helper()
	for syscall.Kill(pid, 0) == nil {
		if raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); err != nil || strings.Contains(string(raw), ") Z ") {
			return
		}
		if t.Context().Err() != nil {
			t.Fatal("it lives")
		}
		runtime.Gosched()
	}
}

func TestNothingOutlivesAProgram(t *testing.T) {
	t.Parallel()
	endless := "while :; do echo 0123456789012345678901234567890123456789; done"
	for name, tt := range map[string]struct {
		then string
		time time.Duration
		want error
	}{
		"that ends":             {"echo done", 0, nil},
		"that hangs":            {"wait", 300 * time.Millisecond, child.ErrTooSlow},
		"that prints for ever":  {endless, 0, child.ErrTooMuch},
		"that ends its output":  {"exec >&-; wait", 300 * time.Millisecond, child.ErrTooSlow},
		"that ignores signals":  {"trap '' TERM INT HUP; wait", 300 * time.Millisecond, child.ErrTooSlow},
		"whose child may print": {"(" + endless + ") & wait", 0, child.ErrTooMuch},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			script, pid := leaves(t, tt.then)
			c := sh(script)
			c.Time = tt.time
			if _, err := child.Run(t.Context(), c); !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
			gone(t, pid())
		})
	}
}

// What a program printed is read to its end though it is over by then, and though
// somebody fled its group with its output.
func TestEverythingIsHeard(t *testing.T) {
	t.Parallel()
	const size = 60_000 // less than a pipe holds
	r, err := child.Run(t.Context(), sh("head -c "+strconv.Itoa(size)+" /dev/zero"))
	if err != nil || len(r.Out) != size {
		t.Errorf("%d bytes, %v", len(r.Out), err)
	}
	path := filepath.Join(t.TempDir(), "pid")
	r, err = child.Run(t.Context(), sh("setsid sh -c 'echo $$ > "+path+"; exec sleep 30' & echo done; while ! [ -s "+path+" ]; do :; done"))
	if err != nil || string(r.Out) != "done\n" {
		t.Errorf("%q, %v", r.Out, err)
	}
	raw, _ := os.ReadFile(path)
	if pid, err := strconv.Atoi(strings.TrimSpace(string(raw))); err == nil {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// A program that prints for ever costs no more than the bound.
func TestOutputIsBounded(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c := sh("while :; do echo 0123456789012345678901234567890123456789; echo 01234567890 >&2; done")
	c.Output = 64 << 10
	r, err := child.Run(t.Context(), c)
	runtime.ReadMemStats(&after)
	if !errors.Is(err, child.ErrTooMuch) || len(r.Out) != 0 || len(r.Said) > 4<<10 {
		t.Errorf("%d and %d bytes, %v", len(r.Out), len(r.Said), err)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 2<<20 {
		t.Errorf("%d bytes were needed", used)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	script, pid := leaves(t, "echo ready; wait")
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	_, _, exit := child.Read(ctx, sh(script), func(r io.Reader) error {
		if _, err := io.ReadFull(r, make([]byte, len("ready\n"))); err != nil {
			t.Error(err)
		}
		cancel(cause)
		_, err := io.ReadAll(r)
		return err
	})
	if !errors.Is(exit, cause) {
		t.Error(exit)
	}
	gone(t, pid())
}

// Read tells what the reader did not like from how the program ended.
func TestRead(t *testing.T) {
	t.Parallel()
	odd := errors.New("odd")
	said, failed, exit := child.Read(t.Context(), sh("echo why >&2; while :; do echo x; done"), func(r io.Reader) error {
		_, _ = io.ReadFull(r, make([]byte, 1))
		return odd
	})
	if !errors.Is(failed, odd) || exit != nil || said != "why\n" {
		t.Errorf("%q, %v, %v", said, failed, exit)
	}
	_, failed, exit = child.Read(t.Context(), sh("echo x; exit 4"), func(r io.Reader) error {
		_, err := io.ReadAll(r)
		return err
	})
	if e := new(exec.ExitError); failed != nil || !errors.As(exit, &e) || e.ExitCode() != 4 {
		t.Errorf("%v, %v", failed, exit)
	}
}
