package cli

import (
	"testing"

	"regatta/registry/sandbox"
)

// The picture of a repository leads to the layers of an image, and from there to
// whoever shares them.
func TestStorageScreens(t *testing.T) {
	t.Parallel()
	perform(t, wide(in("shop/api")), func(s *stage) {
		s.Advance(settle).Press("B").Advance(settle).Advance(settle).See("stored", "unshared", "OWN", "by own bytes")
		s.Press("/").Type("prod").Press("enter").Advance(settle).See("filter prod").CursorOn("v3.2.0")
		s.Press("enter").Advance(settle).See("layers of v3.2.0", "IMAGES").See(" bytes in ", "images: ")
		s.Press("/").Type("is:shared").Press("enter").Advance(settle).See("filter is:shared").Press("esc", "esc").Advance(settle)
		s.Press("o").Advance(settle).See("shop/api › storage › v3.2.0").Press("esc").Advance(settle)
		s.Press("esc").Advance(settle).Press("L").Advance(settle).See("storage › layers", "by size")
	})
}

// Where reading counts as pulling it asks before, and an error can be tried
// again.
func TestStorageAsks(t *testing.T) {
	t.Parallel()
	perform(t, ofAccount("shop/mailer"), func(s *stage) {
		s.Advance(settle).Press("B").Advance(settle).See("counts as pulling the images").Press("enter").Advance(settle)
		s.Advance(settle).See("stored", "unshared")
	})
	perform(t, in("shop/mailer"), func(s *stage) {
		s.Advance(settle)
		s.reg.Inject(sandbox.Fault{Prefix: "/v2/shop/mailer/tags", Effect: sandbox.Status{Code: 403}})
		s.Press("B").Advance(settle).See("denied")
		s.reg.ClearFaults()
		s.Press("r").Advance(settle).Advance(settle).See("unshared")
	})
}
