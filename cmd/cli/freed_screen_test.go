package cli

import (
	"fmt"
	"strings"
	"testing"

	"regatta/registry/sandbox"
	"regatta/theme"
	"regatta/ui/uitest"
)

// The screen of a plan says what is freed in the repository, and what of it in the
// registry; a bound has its sign and its reason.
func TestPlanScreenSaysWhatTheRegistryFrees(t *testing.T) {
	t.Parallel()
	with := in("team/app")
	with.terminal = uitest.Terminal{Width: 80, Height: 24}
	with.options = sandbox.Options{Empty: true}
	perform(t, with, func(s *stage) {
		ground := strings.Repeat("base ", 60_000)
		for repository, tag := range map[string]string{"team/app": "v1", "team/web": "v7"} {
			own := strings.Repeat(repository, 4000)
			s.reg.Tag(repository, tag, s.reg.PushImage(repository, sandbox.Image{Layers: []string{ground, own}}), sandbox.Epoch())
		}
		s.Press("R").Advance(settle).Press("x").Advance(settle)
		s.See("delete v1 of team/app", "frees 333 kB in the repository", "≥ 33 kB in the registry", "other repositories have 300 kB of")
		pictured(t, s, "plan-freed")
		s.reg.SetQuirks(sandbox.Quirks{NoCatalog: true})
		s.Press("r").Advance(settle)
		s.See("frees 333 kB in the repository", "≤ 333 kB in the registry", "the registry does not list its")
		pictured(t, s, "plan-freed-bound")
	})
}

// pictured compares the screen at two sizes with what is kept of it.
func pictured(t *testing.T, s *stage, name string) {
	t.Helper()
	for _, size := range [][2]int{{160, 45}, {80, 24}} {
		s.Resize(size[0], size[1]).Advance(settle)
		checkFrame(t, s.Screen(), size[0], size[1])
		checkASCII(t, theme.ASCII(s.View().Content))
		golden(t, fmt.Sprintf("testdata/screens/%s-%dx%d.txt", name, size[0], size[1]), s.Screen())
	}
}
