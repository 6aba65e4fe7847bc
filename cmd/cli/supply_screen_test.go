package cli

import (
	"regexp"
	"testing"

	"regatta/cmd/cli/demo"
	"regatta/cmd/config"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// onScanned is an image of the account that was scanned, with a key for its
// signature.
func onScanned() setup {
	return setup{
		target: &ref.Reference{Host: demo.Account, Repository: "shop/api", Tag: "v3.2.0"},
		config: func(c *config.Config) {
			c.Registries = append(c.Registries, config.Registry{
				Name: "shop", Kind: "ecr", Host: demo.Account, Profile: "dev", Trust: demo.Trust(),
			})
		},
	}
}

// The tree of what accompanies an image leads to each of its documents; findings
// stand next to the packages that have them.
func TestSupplyScreens(t *testing.T) {
	t.Parallel()
	perform(t, wide(onScanned()), func(s *stage) {
		s.Advance(settle).Press("6").Advance(settle).See("verified with shop", "git.shop.example/shop/api@a6239330340d by ci.shop.example")
		s.Press("j", "enter").Advance(settle).See("SPDX 2.3 of shop/api@3.2.0 by syft-1.18.0", "41 packages · by name · 1 high")
		s.Press("/").Type("is:affected").Press("enter").Advance(settle).See("4 / 41 packages", "glibc", "1H").SeeNot("openssl")
		s.CursorOn("glibc").See("CVE-2026-10023").Press("c").See("copied pkg:deb/debian/glibc").Press("esc").Advance(settle)
		s.Press("/").Type("licence:MIT type:golang").Press("enter").Advance(settle).See("/ 41 packages", "MIT").SeeNot("ISC")
		s.Press("esc", "esc").Advance(settle).Press("j", "enter").Advance(settle).See("image.manifest", "linux/amd64")
		s.Press("esc").Advance(settle).Press("j", "enter").Advance(settle).See("not signed: whoever may push", "VERSION       3.2.0", "DOCUMENT")
		s.Press("enter").Advance(settle).See("provenance › 127f5d0cf05f", "\"schemaVersion\": 2")
	})
}

// A signature that cannot be read says so, and nothing else suffers.
func TestSupplyWithHoles(t *testing.T) {
	t.Parallel()
	perform(t, in("shop/api"), func(s *stage) {
		s.Advance(settle).Press("enter").Advance(settle)
		s.reg.Inject(sandbox.Fault{
			Pattern: regexp.MustCompile(`/blobs/`), Times: 1, Effect: sandbox.Status{Code: 403},
		})
		s.Press("6").Advance(settle).See("denied", "SBOM", "provenance").Press("1").Advance(settle).See("entrypoint")
		s.Press("r").Advance(settle).Press("6").Advance(settle).See("unverified: the config has no key for it").SeeNot("denied")
	})
}
