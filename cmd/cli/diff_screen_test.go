package cli

import (
	"testing"

	"regatta/registry/sandbox"
)

// compares goes to the comparison of the first image of a list with the third.
func compares(tab string) func(*stage) {
	return then(typed("space", "j", "j", "space", "="), typed(tab))
}

// Two marked images are compared, the older with the newer; o, S, < and > do
// what they say.
func TestCompareScreen(t *testing.T) {
	t.Parallel()
	perform(t, in("shop/api"), func(s *stage) {
		compares("2")(s)
		s.See("- shop/api:v3.2.0", "+ shop/api:v3.3.0", "linux/amd64, 1 of 2 platforms", "COPY /out/ /app/")
		s.Press("o").Advance(settle).See("linux/arm64, 2 of 2 platforms")
		s.Press("S").Advance(settle).See("- shop/api:v3.3.0", "+ shop/api:v3.2.0", "to transfer")
		s.Press("<").Advance(settle).See("shop/api › v3.3.0", "1 overview").Press("esc").Advance(settle)
		s.Press("3", "/").Type("jonas").Press("enter").Advance(settle).See("example.shop.commit")
		s.Press("/").Type("nobody").Press("enter").Advance(settle).See("nobody is not in this tab")
	})
}

// With nothing marked, the other image is asked for: it stands first.
func TestCompareWithATypedName(t *testing.T) {
	t.Parallel()
	perform(t, in("shop/api"), func(s *stage) {
		s.Press("=").Advance(settle).See("compare v3.3.0 with")
		s.Type("no/such").Press("enter").Advance(settle).See("docker.io/no/such:latest", "not found").Press("esc").Advance(settle)
		s.Press("=").Advance(settle).Type("prod").Press("enter").Advance(settle)
		s.See("- shop/api:prod", "+ shop/api:v3.3.0").Press("esc").Advance(settle)
		s.Press("enter").Advance(settle).Press("=").Type("nowhere").Press("enter").Advance(settle)
		s.See("shop/api:nowhere: not found")
	})
}

// A side that cannot be read says so; r reads it again.
func TestCompareFails(t *testing.T) {
	t.Parallel()
	perform(t, in("shop/api"), func(s *stage) {
		s.Press("space", "j", "j", "space").Advance(settle)
		s.reg.Inject(sandbox.Fault{Prefix: "/v2/shop/api/blobs", Effect: sandbox.Status{Code: 403}})
		s.Press("=").Advance(settle).See("denied")
		s.reg.ClearFaults()
		s.Press("r").Advance(settle).See("to transfer")
	})
}
