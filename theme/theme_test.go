package theme_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"regatta/theme"
)

func TestEveryThemeHasEveryRole(t *testing.T) {
	t.Parallel()
	for _, name := range theme.Names() {
		for _, depth := range []theme.Depth{theme.Full, theme.Sixteen, theme.None} {
			s, err := theme.New(name, depth, true)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range []theme.Role{theme.Selected, theme.Danger, theme.Chip, theme.Key, theme.Marked} {
				if got := s.Render(r, "x"); got == "x" || ansi.Strip(got) != "x" {
					t.Errorf("%s at depth %d draws role %d as %q", name, depth, r, got)
				}
			}
			if s.Render(theme.Danger, "x") == s.Render(theme.OK, "x") {
				t.Errorf("%s at depth %d draws danger as it draws ok", name, depth)
			}
		}
	}
	if _, err := theme.New("mauve", theme.Full, true); err == nil || !strings.Contains(err.Error(), "high-contrast") {
		t.Errorf("an unknown theme: %v", err)
	}
}

func TestAutoFollowsTheBackground(t *testing.T) {
	t.Parallel()
	for dark, want := range map[bool]string{true: "dark", false: "light"} {
		if s, err := theme.New("auto", theme.Full, dark); err != nil || s.Name != want {
			t.Errorf("dark=%v gives %v, %v", dark, s, err)
		}
	}
}

func TestASCIIKeepsWidthAndStyles(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"\x1b[1m│ ✓ v1… │\x1b[m": "\x1b[1m| + v1~ |\x1b[m",
		"界x":                     "??x",
		"━━╸ 47 · é":             "==- 47 . ?",
	} {
		if got := theme.ASCII(in); got != want {
			t.Errorf("ASCII(%q) = %q, want %q", in, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("aé界━╸▌●…·│ ж→"))).Draw(t, "s")
		got := theme.ASCII(s)
		if ansi.StringWidth(got) != ansi.StringWidth(s) {
			t.Fatalf("%q is %d wide, %q is %d", s, ansi.StringWidth(s), got, ansi.StringWidth(got))
		}
	})
}
