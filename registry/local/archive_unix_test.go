//go:build unix

package local_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
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

// So is a layout whose index, or a blob, is one.
func TestLayoutHasAPipe(t *testing.T) {
	t.Parallel()
	dir, d := t.TempDir(), ref.DigestOf([]byte("a layer"))
	must(t, os.MkdirAll(filepath.Join(dir, "blobs", "sha256"), 0o700))
	must(t, syscall.Mkfifo(filepath.Join(dir, "index.json"), 0o600))
	must(t, syscall.Mkfifo(filepath.Join(dir, "blobs", "sha256", strings.TrimPrefix(string(d), "sha256:")), 0o600))
	p := openPlace(t, "oci:"+dir, local.Options{})
	_, err1 := p.Manifests(t.Context(), "")
	_, err2 := p.Blob(t.Context(), image.Descriptor{Digest: d}, 0)
	for _, err := range []error{err1, err2} {
		if err == nil || !strings.Contains(err.Error(), "it is a pipe") {
			t.Error(err)
		}
	}
}
