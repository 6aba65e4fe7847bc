//go:build unix

package usage_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"regatta/model/fault"
	"regatta/registry/usage"
)

// A pipe that nobody writes to is refused, not waited for.
func TestFileIsAPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	a := usage.File{Path: path}.Ask(t.Context())
	if !fault.Is(a.Err, fault.Invalid) || !strings.HasSuffix(a.Err.Error(), "it is a pipe, not a regular file") {
		t.Error(a.Err)
	}
}
