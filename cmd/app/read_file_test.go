//go:build unix

package app_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"regatta/cmd/app"
	"regatta/model/fault"
	"regatta/registry/plain"
)

// A pipe that nobody writes to is waited for until the user has enough of it, and the
// error says what was waited for.
func TestPipeWithoutAWriter(t *testing.T) {
	t.Parallel()
	path := fifo(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := app.ReadFile(ctx, path)
	if !fault.Is(err, fault.Cancelled) || !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "wait for "+path) {
		t.Error(err)
	}
	release(t, path)
	never, end := io.Pipe()
	defer end.Close() //nolint:errcheck // it cannot fail
	if _, err = app.ReadInput(ctx, never); !fault.Is(err, fault.Cancelled) || !strings.Contains(err.Error(), "wait for standard input") {
		t.Error(err)
	}
}

// A pipe that is written to is read, as shells make them of <(…).
func TestPipeWithAWriter(t *testing.T) {
	t.Parallel()
	path := fifo(t)
	go func() {
		if f, err := os.OpenFile(path, os.O_WRONLY, 0); err == nil {
			_, _ = f.WriteString("a plan")
			_ = f.Close()
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if raw, err := app.ReadFile(ctx, path); string(raw) != "a plan" || err != nil {
		t.Errorf("%q, %v", raw, err)
	}
	if raw, err := app.ReadInput(ctx, strings.NewReader("a policy")); string(raw) != "a policy" || err != nil {
		t.Errorf("%q, %v", raw, err)
	}
}

// What is larger than is read is refused, not cut.
func TestWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(path, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, app.MaxPlan+1); err != nil {
		t.Fatal(err)
	}
	_, err := app.ReadFile(t.Context(), path)
	if _, ok := errors.AsType[*plain.SizeError](err); !ok || !strings.Contains(err.Error(), "larger than 256 MiB") {
		t.Error(err)
	}
}

func fifo(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// release ends the wait of whoever opened the pipe to read it.
func release(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
}
