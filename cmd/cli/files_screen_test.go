package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"regatta/registry/sandbox"
)

// The files of an image are found, looked into and saved; what a layer takes away
// is waste.
func TestFilesScreen(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "saved")
	perform(t, wide(in("ci/runner")), func(s *stage) {
		s.Advance(settle).Press("f").Advance(settle).See("all 5 layers", "758 kB wasted", "usr/")
		s.Press("/").Type("debian_version").Press("enter").Advance(settle).See("etc/debian_version")
		s.Press("enter").Advance(settle).See("12.").Press("esc").Advance(settle)
		s.Press("P").Type(dir).Press("enter").Advance(settle).See("saved 1 file")
		if raw, err := os.ReadFile(dir + "/debian_version"); err != nil || len(raw) != 6 {
			t.Errorf("%d bytes: %v", len(raw), err)
		}
		s.Press("esc").Advance(settle).Press("w").Advance(settle).See("usr/share/doc/", "removed").Press("esc").Advance(settle)
		s.Press("O").Advance(settle).See("layer 5")
	})
}

// A layer that cannot be read is named; the others are there.
func TestFilesWithALayerMissing(t *testing.T) {
	t.Parallel()
	perform(t, wide(in("shop/api")), func(s *stage) {
		s.Advance(settle).Press("enter").Advance(settle)
		s.reg.Inject(sandbox.Fault{
			Pattern: regexp.MustCompile(`/blobs/sha256:8bc5764bf2a7`), Effect: sandbox.Status{Code: 404},
		})
		s.Press("f").Advance(settle).See("etc/", "not found")
		s.Press("esc").Advance(settle).See("entrypoint")
	})
}

// A layer that is not what its digest says is refused, whatever its size, and
// what was read of it is not kept.
func TestFilesOfALayerThatLies(t *testing.T) {
	t.Parallel()
	perform(t, wide(in("shop/api")), func(s *stage) {
		s.Advance(settle).Press("enter").Advance(settle)
		lie := sandbox.Fault{
			Pattern: regexp.MustCompile(`/blobs/sha256:f602b3218011`), Effect: sandbox.Body{Text: strings.Repeat("\x00", 4631)},
		}
		s.reg.Inject(lie)
		s.Press("f").Advance(settle).See("app/", "corrupt").SeeNot("home/", "usr/")
		s.reg.ClearFaults()
		s.Press("r").Advance(settle).See("home/").SeeNot("corrupt")
	})
}
