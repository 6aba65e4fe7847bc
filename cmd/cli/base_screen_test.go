package cli

import (
	"testing"

	"regatta/cmd/cli/demo"
	"regatta/cmd/config"
	"regatta/model/ref"
)

// onBases is an image of which the config knows where base images are.
func onBases() setup {
	return setup{
		target: &ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: "v3.0.0"},
		config: func(c *config.Config) {
			c.Registries = append(c.Registries, config.Registry{Name: "shop", Kind: "oci", Host: "registry.example", Bases: demo.Bases()})
		},
	}
}

// The base is recognised by its layers; it says how far behind it is, and leads
// to both.
func TestBaseScreen(t *testing.T) {
	t.Parallel()
	perform(t, wide(onBases()), func(s *stage) {
		s.Advance(settle).Press("B").Advance(settle).Advance(settle).See("built from", "base/distroless:2026-05-21", "3 layers that they share",
			"latest is base/distroless:12.10, 4 images and 133 days later", "LATER IMAGES")
		s.Press("o").Advance(settle).See("base/distroless › ").Press("esc").Advance(settle).Press("enter").Advance(settle).See("base › base/distroless", "2026-05-21 08:29:38")
	})
	perform(t, in("base/debian"), func(s *stage) {
		s.Advance(settle).Press("enter").Advance(settle).Press("B").Advance(settle).See("there is nowhere to look", "bases of the registry")
	})
}
