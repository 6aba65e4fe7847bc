package cli

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"regatta/cmd/tui/keys"

	"regatta/cmd/config"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// slow makes every answer of the registry take its time.
func slow(s *sandbox.Registry, d time.Duration) {
	s.Inject(sandbox.Fault{Prefix: "/", Effect: sandbox.Slow{First: d}})
}

func TestRowsNeverMoveUnderTheCursor(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: onFar(), terminal: uitest.Terminal{Width: 80, Height: 24}}, func(s *stage) {
		s.Advance(settle)
		slow(s.reg, 300*time.Millisecond)
		s.Press("/").Type("shop/api").Press("enter").Advance(time.Second).Press("enter").Advance(time.Second)
		s.Press("j", "j", "j", "j", "j", "j")
		name := strings.Fields(strings.TrimLeft(s.Cursor(), "▌● "))[0]
		line := lineOf(s.Screen(), s.Cursor())
		for range 60 { // details stream in, tags join the rows of their digests
			s.Advance(500 * time.Millisecond).CursorOn(name)
			if at := lineOf(s.Screen(), s.Cursor()); at != line {
				t.Fatalf("the row under the cursor moved from line %d to %d:\n%s", line, at, s.Screen())
			}
		}
		s.Press("s", "s").Advance(settle).CursorOn(name)
		s.Press("r").Advance(time.Minute).CursorOn(name)
	})
}

func lineOf(screen, line string) int {
	for i, l := range strings.Split(screen, "\n") {
		if l == line {
			return i
		}
	}
	return -1
}

func TestMarksSurviveSortFilterAndRefresh(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: onFar()}, func(s *stage) {
		s.Advance(settle)
		openImages("shop/api")(s)
		s.Press("space", "space").See("2 marked")
		s.Press("s").Advance(settle).See("2 marked")
		s.Press("/").Type("v1.*").Press("enter").Advance(settle).See("2 marked")
		s.Press("esc").SeeNot("marked").See("filter v1.*") // marks first,
		s.Press("esc").Advance(settle).SeeNot("filter v1") // then the filter,
		s.Press("esc").See("21 repositories", "filter shop/api")
		s.Press("esc").Advance(settle).SeeNot("filter shop/api")
	})
}

func TestMarkAllMarksWhatTheFilterShows(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: onFar()}, func(s *stage) {
		s.Advance(settle)
		openImages("shop/api")(s)
		s.Press("/").Type("is:signed").Press("enter").Advance(settle)
		shown := strings.Fields(s.Screen()[strings.Index(s.Screen(), " / 47 images")-3:])[0]
		s.Press("a").See(shown + " marked")
		s.Press(`ctrl+\`).SeeNot("marked")
	})
}

func TestTypeAheadReachesTheOverlay(t *testing.T) {
	t.Parallel()
	for range 10 {
		perform(t, setup{target: onFar()}, func(s *stage) {
			s.Advance(settle).Burst("/", "a", "p", "i").See(" / api")
		})
	}
}

func TestAPasteReachesOnlyWhatTakesText(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: onFar()}, func(s *stage) {
		s.Advance(settle).Paste("q").See("base/go").Press("/").Paste("shop/web").See(" / shop/web", "1 / 21")
	})
}

func TestPaletteOpensWhatIsTyped(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: onFar()}, func(s *stage) {
		s.Advance(settle).Press(":").Type("sandbox.localhost/tools/migrate").See("open sandbox.localhost/tools/migrate")
		s.Press("enter").Advance(settle).See("› tools/migrate", "tags")
		s.Press(":").Type("sandbox.localhost/shop/api:prod").Press("enter").Advance(settle).See("› prod", "overview", "LAYERS")
		s.Press(":").Type("shop/web:latest").See("open sandbox.localhost/shop/web:latest", "this registry", "open docker.io/shop/web:latest").Press("esc")
		s.Press(":").Type("registry.example/UPPER/x").See("upper case is not allowed").Press("esc")
		s.Press(":").Type("raw").Press("enter").See(`"schemaVersion": 2`)
		s.Press(":").Press("esc").See(`"schemaVersion": 2`)
		s.Press(":").Type("contexts").Press("enter").Advance(settle).See("regatta › contexts", "✓ answers")
	})
}

func TestCopying(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: onFar()}, func(s *stage) {
		s.Advance(settle)
		openImages("shop/api")(s)
		s.Press("c").See("✓ copied registry.example/shop/api:v3.3.0")
		s.Press("C").See("✓ copied digest 2100ce1df9bb")
		s.Advance(20 * time.Second).SeeNot("copied")
	})
}

func TestMouse(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: onFar()}, func(s *stage) {
		s.Advance(settle).ClickOn("shop/web   ").CursorOn("shop/web")
		s.ClickOn("shop/web   ").Advance(settle).See("› shop/web")
		s.ClickOn("SIZE").See("by size").ClickOn("SIZE↓").See("SIZE↑")
		s.Wheel(3)
		top := strings.Split(s.Screen(), "\n")[2]
		s.Wheel(-3)
		if strings.Split(s.Screen(), "\n")[2] == top {
			t.Errorf("the wheel does not scroll:\n%s", s.Screen())
		}
		s.Press("enter").Advance(settle).ClickOn("3 layers").See("MADE BY")
		s.Press("ctrl+e").See("mouse off").ClickOn("1 overview").See("MADE BY")
	})
}

func TestResizeKeepsTheRow(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: onFar()}, func(s *stage) {
		s.Advance(settle).Press("G").CursorOn("tools/migrate")
		s.Resize(80, 24).CursorOn("tools/migrate")
		s.Resize(60, 10).See("regatta needs 80×24", "this terminal has 60×10")
		s.Resize(200, 50).CursorOn("tools/migrate")
	})
}

func TestOnlyVisibleRowsAreReadWhereReadsCount(t *testing.T) {
	t.Parallel()
	quirks := sandbox.Quirks{RateHeaders: true}
	far := &ref.Reference{Host: "hub.example", Repository: "data/etl"}
	small := uitest.Terminal{Width: 80, Height: 24}
	perform(t, setup{target: far, options: sandbox.Options{Quirks: quirks}, terminal: small}, func(s *stage) {
		s.Advance(time.Minute).See("reads count as pulls", "reads left")
		read := map[string]bool{}
		for _, r := range s.reg.Requests() {
			if r.Method == http.MethodGet && strings.HasPrefix(r.Path, "/v2/data/etl/manifests/") {
				read[r.Path] = true
			}
		}
		if len(read) == 0 || len(read) > 70 {
			t.Errorf("%d manifests were read for 20 visible rows of two platforms", len(read))
		}
	})
}

func TestRateLimitIsShownAndWaitedFor(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: onFar()}, func(s *stage) {
		s.Advance(settle)
		s.reg.Inject(sandbox.Fault{Prefix: "/v2/shop/api/", Times: 1, Effect: sandbox.Status{Code: 429, RetryAfter: 7 * time.Second}})
		s.Press("/").Type("shop/api").Press("enter").Advance(time.Second).Press("enter").Advance(2 * time.Second)
		s.SeeLine(`rate limited [4-6]s`)
		s.Advance(10 * time.Second).See("v3.3.0").SeeNot("rate limited")
		s.Press("@").Press("/").Type("status=429").Press("enter").Advance(time.Second).See("429")
	})
}

func TestAFailureOfOneRowLeavesTheOthers(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: onFar()}, func(s *stage) {
		s.Advance(settle)
		digest, _ := s.reg.Resolve("data/airflow", "latest")
		s.reg.DropManifest("data/airflow", digest)
		openImages("data/airflow")(s)
		s.Advance(settle).SeeNot("! cannot be read") // the listing knows of the tag no more
		s.reg.Inject(sandbox.Fault{Prefix: "/v2/base/node/manifests/22.16.0", Effect: sandbox.Status{Code: 403}})
		s.Press("esc", "esc").Advance(settle)
		openImages("base/node")(s)
		s.Advance(time.Minute).CursorOn("22.16.0").SeeLine("22.16.0 .* ! .*cannot be read").See("denied")
		if n := strings.Count(s.Screen(), " MB"); n < 20 {
			t.Errorf("%d rows have a size:\n%s", n, s.Screen())
		}
	})
}

func TestAListingThatFailsSaysSoAndCanBeRepeated(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: onFar()}, func(s *stage) {
		s.Advance(settle)
		s.reg.Inject(sandbox.Fault{Prefix: "/v2/shop/web/tags", Effect: sandbox.Status{Code: 500}})
		s.Press("/").Type("shop/web").Press("enter").Advance(time.Second).Press("enter").Advance(time.Minute)
		s.See("list tags of registry.example/shop/web", "press r to try again")
		s.reg.ClearFaults()
		s.Press("r").Advance(settle).SeeNot("press r").See("latest")
	})
}

func TestEveryKeyOfTheFooterWorks(t *testing.T) {
	t.Parallel()
	for _, set := range keys.Sets() {
		for _, b := range set.Bindings {
			if b.Run == nil || b.Desc == "" || b.Group == "" {
				t.Errorf("%s: %s lacks what help and palette show", set.Screen, b.ID)
			}
		}
	}
	all := keys.Sets()
	last := len(all) - 1
	for _, set := range all[:last] {
		seen := map[string]string{}
		for _, b := range slices.Concat(set.Bindings, all[last].Bindings) {
			for _, k := range b.Keys {
				// A screen may give a key that works everywhere to what it shows: the same deed.
				if seen[k] != "" && !strings.HasSuffix(seen[k], "."+b.ID) {
					t.Errorf("%s: %q is %s and %s", set.Screen, k, seen[k], b.ID)
				}
				seen[k] = b.ID
			}
		}
	}
}

func TestKeysOfTheConfig(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"keys: {images.opne: x}":               `unknown action "images.opne"; did you mean "images.open"?`,
		"keys: {images.open: c}":               "c is the key of images.copy too, on the screen images",
		"keys: {images.open: hyper}":           `there is no key "hyper"`,
		"keys: {quit: [enter]}":                "enter is the key of contexts.open too",
		"keys: {images.open: ctrl+o, quit: Q}": "",
	} {
		c, err := config.Load(writeConfig(t, text))
		if err != nil {
			t.Fatal(err)
		}
		err = keys.Check(c)
		if got := fmt.Sprint(err); want == "" && err != nil || !strings.Contains(got, want) && want != "" {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	remap := func(c *config.Config) { c.Keys = config.Keys{"repos.open": {"ctrl+o"}} }
	perform(t, setup{target: onFar(), config: remap}, func(s *stage) {
		s.Advance(settle).See("ctrl+o open").Press("enter").See("21 repositories").Press("ctrl+o").Advance(settle).See("› base/debian")
	})
}

func TestPinsComeFirstAndStay(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: onFar()}, func(s *stage) {
		s.Advance(settle).Press("G", "f").See("pinned tools/migrate").Advance(settle)
		s.CursorOn("★ tools/migrate")
		if first := strings.Split(s.Screen(), "\n")[2]; !strings.Contains(first, "★ tools/migrate") {
			t.Errorf("the first row is %q", first)
		}
		s.Press("r").Advance(settle).See("★ tools/migrate").Press("f").See("unpinned").Advance(settle).SeeNot("★")
	})
}

func writeConfig(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// onFar is the sandbox under the name of a host that is not this machine:
// nothing is read there that is not looked at.
func onFar() *ref.Reference { return &ref.Reference{Host: "registry.example"} }

func TestSavedTablesAreData(t *testing.T) {
	t.Chdir(t.TempDir())
	perform(t, in("charts/shop"), func(s *stage) {
		s.Advance(settle).Press("space", "space", "ctrl+s").Advance(time.Second).See("saved 2 rows to regatta-images-")
		s.Press("ctrl+s").Advance(time.Second).See("saved 2 rows")
	})
	files, err := filepath.Glob("regatta-images-*.csv")
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(raw), "\n")
	if lines[0] != "tags,digest,sizeBytes,time,platforms,with" || !strings.Contains(lines[1], ",sha256:") {
		t.Errorf("%q", lines[:2])
	}
}

func TestFindInText(t *testing.T) {
	t.Parallel()
	perform(t, in("shop/api"), func(s *stage) {
		s.Resize(80, 24).Advance(settle).Press("enter").Advance(settle).Press("7", "/").Type("attestation-manifest").Press("enter")
		s.See("attestation-manifest").Press("n").See("attestation-manifest").Press("/").Type("no such text").Press("enter").See("is not in this tab")
		s.Press("esc", "W").See("no key W here")
	})
}
