package cli

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/google/go-cmp/cmp"

	"regatta/cmd/cli/demo"
	"regatta/cmd/config"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/theme"
	"regatta/ui/uitest"
)

// scene is a screen and how to come to it from the demo's repositories.
type scene struct {
	name string
	play func(s *stage)
	with setup
}

func typed(k ...string) func(*stage) {
	return func(s *stage) { s.Press(k...).Advance(settle) }
}

// openImages goes to a repository by its name.
func openImages(name string) func(*stage) {
	return func(s *stage) {
		s.Press("/").Type(name).Press("enter").Advance(settle).Press("enter").Advance(settle)
	}
}

// rule types a rule of the cleanup screen.
func rule(key, typed string) func(*stage) {
	return func(s *stage) { s.Press(key).Type(typed).Press("enter").Advance(settle) }
}

func then(steps ...func(*stage)) func(*stage) {
	return func(s *stage) {
		for _, step := range steps {
			step(s)
		}
	}
}

// in opens a repository of a registry that is far away: nothing is read that is
// not looked at.
func in(repository string) setup {
	return setup{target: &ref.Reference{Host: "registry.example", Repository: repository}}
}

func scenes() []scene {
	api, image := in("shop/api"), typed("enter")
	return []scene{
		{name: "contexts", play: typed("esc"), with: setup{target: nil, config: twoContexts}},
		{name: "repositories", play: typed("j", "j")},
		{name: "repositories-of-a-coloured-context", with: setup{config: func(c *config.Config) {
			c.Registries[0].Color, c.Registries[0].ReadOnly = "red", true
		}}},
		{name: "repositories-tree", play: typed("T")},
		{name: "repositories-filter", play: func(s *stage) { s.Press("/").Type("shop size>1GB") }},
		{name: "repositories-filter-error", play: func(s *stage) { s.Press("/").Type("shop colour:red") }},
		{name: "repositories-refused", with: setup{options: sandbox.Options{Quirks: sandbox.Quirks{NoCatalog: true}}}},
		{name: "repositories-empty", with: setup{options: sandbox.Options{Empty: true}}},
		{name: "images", with: api},
		{name: "images-of-an-account", with: ofAccount("shop/api")},
		{name: "usage", with: ofAccount("shop/api"), play: typed("u")},
		{name: "access", with: ofAccount("shop/api"), play: typed("w", "j")},
		{name: "access-settings", with: ofAccount("shop/api"), play: typed("w", "4")},
		{
			name: "image-findings", with: setup{target: &ref.Reference{Host: demo.Account, Repository: "shop/api", Tag: "v2.11.0"}},
			play: typed("8"),
		},
		{name: "images-marked", with: api, play: typed("space", "space", "j", "v", "j", "j", "v")},
		{name: "images-untagged", with: api, play: typed("U", "G")},
		{name: "images-none-match", with: api, play: func(s *stage) { s.Press("/").Type("v99").Press("enter") }},
		{name: "images-per-tag", with: api, play: typed("j", "j", "E")},
		{name: "images-failed", with: in("tools/backup"), play: func(s *stage) { s.Press("/").Type("is:broken").Press("enter") }},
		{name: "image-overview", with: api, play: image},
		{name: "image-platforms", with: api, play: then(image, typed("2", "j"))},
		{name: "image-layers", with: api, play: then(image, typed("3", "j", "j"))},
		{name: "image-config", with: api, play: then(image, typed("4"))},
		{name: "image-history", with: api, play: then(image, typed("5"))},
		{name: "image-referrers", with: api, play: then(image, typed("6"))},
		{name: "files", with: in("ci/runner"), play: then(typed("f"), typed("G", "k"), typed("enter", "j", "enter"))},
		{name: "files-waste", with: in("ci/runner"), play: then(typed("f"), typed("w"))},
		{name: "files-layer", with: in("ci/runner"), play: then(typed("f"), typed("o", "o", "o", "o", "o"))},
		{name: "base", with: onBases(), play: typed("B")},
		{name: "storage", with: api, play: typed("B")},
		{name: "storage-layers", with: api, play: then(typed("B"), typed("L"), typed("j", "j"))},
		{name: "packages", with: onScanned(), play: then(typed("6"), typed("j"), typed("enter"), typed("s"))},
		{name: "provenance", with: onScanned(), play: then(typed("6"), typed("j", "j", "j"), typed("enter"))},
		{name: "signature", with: onScanned(), play: then(typed("6"), typed("enter"))},
		{name: "image-raw", with: api, play: then(image, typed("7"))},
		{name: "compare", with: api, play: compares("1")},
		{name: "compare-layers", with: api, play: compares("2")},
		{name: "compare-config", with: api, play: compares("3")},
		{name: "compare-packages", with: api, play: then(func(s *stage) {
			s.Press("=").Type("v3.2.0").Press("enter").Advance(settle)
		}, typed("5"))},
		{name: "compare-files", with: api, play: then(func(s *stage) {
			s.Press("=").Type("v3.2.0").Press("enter").Advance(settle)
		}, typed("6"))},
		{
			name: "compare-findings", with: setup{target: &ref.Reference{Host: demo.Account, Repository: "shop/api", Tag: "v3.2.0"}},
			play: then(func(s *stage) { s.Press("=").Type("v2.11.0").Press("enter").Advance(settle) }, typed("7")),
		},
		{name: "image-schema1", with: in("legacy/billing"), play: func(s *stage) {
			s.Press("/").Type("release-34").Press("enter", "enter").Advance(settle)
		}},
		{name: "lifecycle-several", play: func(s *stage) {
			s.Press("/").Type("shop/").Press("enter").Advance(settle).Press("a", "L").Advance(settle).Press("n", "j", "enter").Advance(settle)
		}},
		{name: "lifecycle", with: api, play: then(typed("L"), typed("n", "j", "j", "enter"))},
		{name: "lifecycle-timeline", with: api, play: then(typed("L"), typed("n", "j", "j", "enter"), typed("tab"))},
		{name: "lifecycle-edit", with: api, play: then(typed("L", "n", "j", "enter"), typed("e", "down", "down", "down", "backspace"))},
		{name: "cleanup", with: api, play: then(typed("X"), rule("m", "git-*"), rule("n", "10"), rule("e", "v* prod"), typed("x"))},
		{name: "rollback", with: api, play: then(typed("j", "j", "b"), typed("enter"))},
		{name: "rollback-plan", with: api, play: then(typed("j", "j", "b"), typed("enter"), typed("enter"))},
		{name: "rollback-together", with: api, play: then(typed("j", "j", "b"), typed("enter"), typed("+"))},
		{name: "rollback-history", with: inShopOnECS(), play: then(func(s *stage) {
			s.Press("/").Type("prod").Press("enter").Advance(settle)
		}, typed("b"), typed("enter"), typed("H"))},
		{name: "rollback-typed", with: inShopOnECS(), play: rollsBack(sandbox.Settles, "")},
		{name: "rollback-verified", with: inShopOnECS(), play: rollsBack(sandbox.Settles, "prod\r")},
		{name: "rollback-deploying", with: inShopOnECS(), play: rollsBack(sandbox.Settles, "prod\rd\t\r", 6)},
		{name: "rollback-settled", with: inShopOnECS(), play: rollsBack(sandbox.Settles, "prod\rd\t\r", 14)},
		{name: "rollback-failed", with: inShopOnECS(), play: rollsBack(sandbox.Crashes, "prod\rd\t\r", 14)},
		{name: "rollback-reverting", with: inShopOnECS(), play: rollsBack(sandbox.Settles, "prod\rd\t\r", 14, "Z")},
		{name: "rollback-reverted", with: inShopOnECS(), play: rollsBack(
			sandbox.Settles, "prod\rd\t\r", 14, "Z\t\rshop/api\r", 14,
		)},
		{name: "rollback-pods", with: onPods(), play: rollsBack(sandbox.Settles, "prod\r")},
		{name: "cleanup-begin", with: api, play: typed("X")},
		{name: "cleanup-rule", with: api, play: then(typed("X"), rule("m", "git-*"), func(s *stage) { s.Press("o").Type("8w") })},
		{name: "health", with: illness(), play: then(ill, lacks, typed("ctrl+z"), typed("b"), typed("j"))},
		{name: "help", with: api, play: typed("?")},
		{name: "palette", with: api, play: func(s *stage) { s.Press(":").Type("sort") }},
		{
			name: "requests", with: in("charts/shop"),
			play: then(typed("@"), func(s *stage) { s.Press("/").Type("/tags/").Press("enter") }),
		},
		{name: "errors", with: api, play: func(s *stage) {
			s.reg.Inject(sandbox.Fault{Prefix: "/v2/shop/api/tags", Effect: sandbox.Status{Code: 403}})
			s.Press("r").Advance(settle).Press("!")
		}},
	}
}

func twoContexts(c *config.Config) {
	c.Registries = append(c.Registries,
		config.Registry{Name: "prod", Kind: "oci", Host: "other.localhost", ReadOnly: true, Color: "red"},
		config.Registry{Name: "account", Kind: "oci", Host: demo.Account, Profile: "dev"})
}

func TestScreens(t *testing.T) {
	t.Parallel()
	for _, sc := range scenes() {
		t.Run(sc.name, func(t *testing.T) {
			t.Parallel()
			sc.show(t, uitest.Terminal{Width: 80, Height: 24}, nil, func(s *stage) {
				for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 50}} {
					s.Resize(size[0], size[1]).Advance(settle)
					screen := s.Screen()
					checkFrame(t, screen, size[0], size[1])
					checkASCII(t, theme.ASCII(s.View().Content))
					golden(t, fmt.Sprintf("testdata/screens/%s-%dx%d.txt", sc.name, size[0], size[1]), screen)
				}
				checkWithoutColour(t, s)
			})
		})
	}
}

// checkWithoutColour takes the terminal's colours away.
func checkWithoutColour(t *testing.T, s *stage) {
	t.Helper()
	colour := regexp.MustCompile(`\x1b\[(?:[0-9;]*;)?(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:;[0-9;]*)?m`)
	if !colour.MatchString(s.View().Content) {
		t.Error("there is no colour to take away")
	}
	before := s.Screen()
	s.Send(tea.ColorProfileMsg{Profile: colorprofile.ASCII})
	if found := colour.FindString(s.View().Content); found != "" {
		t.Errorf("a colour is drawn: %q", found)
	}
	if strings.Contains(before, "▌") && !strings.Contains(s.View().Content, "\x1b[7m") {
		t.Error("the cursor row is not reversed")
	}
	if diff := cmp.Diff(before, s.Screen()); diff != "" {
		t.Errorf("without colour the words are others:\n%s", diff)
	}
}

// show plays the scene in a terminal.
func (sc scene) show(t *testing.T, in uitest.Terminal, change func(*config.Config), look func(*stage)) {
	t.Helper()
	with := sc.with
	with.terminal = in
	if sc.name != "contexts" && with.target == nil {
		with.target = onSandbox()
	}
	if change != nil {
		before := with.config
		with.config = func(c *config.Config) {
			if before != nil {
				before(c)
			}
			change(c)
		}
	}
	perform(t, with, func(s *stage) {
		s.Advance(settle)
		if sc.play != nil {
			sc.play(s)
		}
		s.Advance(settle)
		look(s)
	})
}

// checkFrame fails if the screen does not fit the terminal.
func checkFrame(t *testing.T, screen string, width, height int) {
	t.Helper()
	lines := strings.Split(strings.TrimRight(screen, "\n"), "\n")
	if len(lines) > height {
		t.Errorf("%d lines on %d", len(lines), height)
	}
	for i, l := range lines {
		if w := len([]rune(l)); w > width {
			t.Errorf("line %d takes %d of %d cells: %q", i, w, width, l)
		}
	}
}

// The ASCII icon set draws what is finished: every scene is looked at through it
// where it is played, and two are played with it.
func TestScreensInASCII(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"images", "repositories"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ascii := func(c *config.Config) { c.Icons = "ascii" }
			sceneNamed(t, name).show(t, uitest.Terminal{Width: 80, Height: 24}, ascii, func(s *stage) {
				screen := s.Screen()
				checkFrame(t, screen, 80, 24)
				checkASCII(t, s.View().Content)
				golden(t, "testdata/screens/"+name+"-ascii.txt", screen)
			})
		})
	}
}

func checkASCII(t *testing.T, frame string) {
	t.Helper()
	for _, r := range frame {
		if r >= 0x80 {
			t.Fatalf("%q is drawn:\n%s", r, frame)
		}
	}
}

func TestThemesKeepTheirWords(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"dark", "light", "high-contrast", "colour-blind"} {
		for _, profile := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI} {
			t.Run(name+" "+profile.String(), func(t *testing.T) {
				t.Parallel()
				in := uitest.Terminal{Width: 120, Height: 40, Profile: profile}
				set := func(c *config.Config) { c.Theme = name }
				sceneNamed(t, "images").show(t, in, set, func(s *stage) {
					path := fmt.Sprintf("testdata/screens/styled-%s-%s.ans", name, strings.ToLower(profile.String()))
					golden(t, path, s.View().Content+"\n")
				})
			})
		}
	}
}

func sceneNamed(t *testing.T, name string) scene {
	t.Helper()
	for _, sc := range scenes() {
		if sc.name == name {
			return sc
		}
	}
	t.Fatalf("no scene %s", name)
	return scene{}
}
