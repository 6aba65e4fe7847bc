//go:build unix

package plain_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"regatta/registry/plain"
)

// A pipe without a writer is not waited for.
func TestPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := plain.Read(path, 1); !is[*plain.KindError](err) || !strings.Contains(err.Error(), "it is a pipe") {
		t.Error(err)
	}
}
