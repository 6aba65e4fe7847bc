//go:build unix

package local_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"regatta/model/fault"
	"regatta/registry/local"
)

// An archive that is a pipe is refused, not waited for.
func TestArchiveIsAPipe(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "pipe.tar")
	must(t, syscall.Mkfifo(file, 0o600))
	_, err := openPlace(t, file, local.Options{}).Manifests(t.Context(), "")
	wantKind(t, err, fault.Invalid)
}
