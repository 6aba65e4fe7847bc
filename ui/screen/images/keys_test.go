package images_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"regatta/model/finding"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/usage"
	"regatta/ui/screen/images"
	"regatta/ui/uitest"
)

func TestKeysThatLead(t *testing.T) {
	t.Parallel()
	for k, want := range map[string]string{
		"enter": "image v2.0 raw false", "l": "image v2.0 raw false", "y": "image v2.0 raw true", "L": "lifecycle", "X": "cleanup", "u": "usage",
		"ctrl+z": "health", "w": "access", "B": "storage", "f": "files registry.example/team/app:v2.0@sha256:a",
	} {
		t.Run(k, func(t *testing.T) {
			t.Parallel()
			perform(t, small(), 80, 24, func(drv *uitest.Driver) { drv.Advance(settle).Press(k).See("opened " + want + ".") })
		})
	}
	s := small()
	s.wire = func(w *images.Wiring) { w.Lifecycle, w.Cleanup, w.Usage, w.Access, w.Change = nil, nil, nil, nil, nil }
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		for k, why := range map[string]string{
			"L": "there is no lifecycle here", "X": "there is no cleanup here", "u": "nobody can be asked what runs here",
			"w": "who may pull, push and delete, an…: this registry does not say who may use it", "x": "delete: nothing can be changed here", "t": "nothing can be changed here",
			"d": "nothing can be changed here", "b": "nothing can be changed here", "A": "nothing can be changed here",
			"m": "nothing can be copied here", "P": "nothing can be copied here",
		} {
			drv.Advance(settle).Press(k).See("! ", why)
		}
	})
	s = small()
	s.wire = func(w *images.Wiring) { w.Context.ReadOnly = true }
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		for _, k := range []string{"x", "t", "d", "b", "A"} {
			drv.Advance(settle).Press(k).See("! ", "this context is read-only")
		}
		drv.SeeNot("x delete").Press("P").See("pull v2.0 of team/app where?") // this registry does not change by it
	})
}

func TestCopies(t *testing.T) {
	t.Parallel()
	perform(t, small(), 80, 24, func(drv *uitest.Driver) {
		copied := func(want string) {
			t.Helper()
			if got := drv.Advance(time.Second).Clipboard(); got != want {
				t.Errorf("copied %q, not %q", got, want)
			}
		}
		drv.Advance(settle).Press("c").See("copied registry.example/team/app:v2.0")
		copied("registry.example/team/app:v2.0")
		drv.Press("C").See("copied digest aaaaaaaaaaaa")
		copied(string(d("a")))
		drv.Press(":").Type("docker pull").Press("enter").See("copied the pull command of v2.0")
		copied("docker pull registry.example/team/app@" + string(d("a")))
	})
}

func TestMarks(t *testing.T) {
	t.Parallel()
	perform(t, small(), 108, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("space").CursorOn("v1.0").See("1 marked, 30 MB together at most").SeeLine(`^ ●v2\.0`)
		drv.Press("space").See("2 marked, 42 MB together").CursorOn("edge").Press("x").See("opened delete ba: delete 2 images of team/app.").Press("h")
		drv.Press("/").Type("edge").Press("enter").See("2 marked").Press("x").See("delete ba").Press("h") // what the filter hides stays marked
		drv.Press("esc").SeeNot("marked").See("filter edge").Press("esc").SeeNot("filter edge").See("3 images").Press("esc").See(uitest.Home)
	})
	s := small()
	s.failing["edge"] = errors.New("no")
	perform(t, s, 108, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("a").See("3 marked, 42 MB together at most, and 1 of unknown size") // what is not known does not count as nothing
		drv.Press("esc").ClickOn("edge").Press("space", "g").See("1 marked, of unknown size")
	})
}

func TestPane(t *testing.T) {
	t.Parallel()
	s := small()
	full := s.details["v2.0"]
	full.Pushed, full.Pulled, full.Attestations, full.Findings = day(1), day(0), 2, &finding.Counts{finding.High: 3}
	full.Platforms[1].Size = -1
	s.details["v2.0"], s.details["latest"] = full, full
	s.failing["edge"] = errors.New("it broke\x1b[31m")
	s.dull = time.Second
	perform(t, s, 120, 30, func(drv *uitest.Driver) {
		drv.Advance(500*time.Millisecond).See("not read yet").SeeNot("0 B", "unknown")
		drv.Advance(2 * settle).SeeLine(`│ v2\.0`).SeeLine(`│ digest +sha256:aaaa`).SeeLine(`│ tags +v2\.0  latest`).SeeLine(`size +30 MB \(30,000,000 bytes\)`)
		drv.SeeLine(`pushed +1999-12-31 .*1d`).SeeLine(`created +1999-12-30 .*2d`).SeeLine(`pulled +2000-01-01`).SeeLine(`with +2 attestations`)
		drv.SeeLine(`findings +3 high`).SeeLine(`linux/amd64 +15 MB ━━━━━━━ 111111111111`).SeeLine(`linux/arm64 +! missing`)
		drv.Press("j").SeeLine(`│ v1\.0`).SeeLine(`kind +image`).SeeNot("pushed", "pulled", "findings", "with ")
		drv.Press("j").SeeLine(`│ edge`).SeeLine(`│ it broke *$`).SeeNot("size ", "created ", "kind ")
		drv.Press("p").SeeNot("│").See("WITH").Press("p").See("│").Resize(100, 30).SeeNot("│").Press("p").See("! preview: it needs 110 columns")
	})
}

func used(image ref.Reference, how usage.How, place string, running int) usage.Use {
	image.Host, image.Repository = "registry.example", "team/app"
	return usage.Use{Source: usage.ECS, Place: place, How: how, Image: image, Running: running}
}

func TestUses(t *testing.T) {
	t.Parallel()
	s := small()
	uses := []usage.Use{
		used(ref.Reference{Digest: d("a")}, usage.Task, "prod/shop\x1b[31m", 3), used(ref.Reference{Tag: "v1.0"}, usage.Service, "prod/old", 0),
	}
	for _, n := range []string{"1", "2", "3", "4", "5", "6"} {
		uses = append(uses, used(ref.Reference{Tag: "latest"}, usage.Definition, "def:"+n, 0))
	}
	s.uses = usage.Set{Answers: []usage.Answer{{Source: usage.ECS, Uses: uses}, {Source: usage.Lambda, Err: errors.New("not allowed")}}}
	s.wire = func(w *images.Wiring) { w.Uses = s.running }
	perform(t, s, 120, 40, func(drv *uitest.Driver) {
		drv.Advance(2 * settle).SeeLine(`▌ ● v2\.0 latest`).SeeLine(`^  ○ v1\.0`).SeeLine(`^  edge`)
		drv.See("USED BY", "ecs task prod/shop (3 running)", "and 1 more: press u", "incomplete: not allowed")
		drv.SeeLine(`def:5`).SeeNot("def:6", "\x1b").Press("j").See("ecs service prod/old").SeeNot("running")
		drv.Press("j").See("USED BY", "incomplete: not allowed").Press("/").Type("is:used").Press("enter").See("2 / 3 images")
		s.mu.Lock()
		s.uses = usage.Set{}
		s.mu.Unlock()
		drv.Press("esc", "r").Advance(2*settle).SeeNot("●", "○", "USED BY")
		if n := strings.Count(strings.Join(s.heard(), " "), "uses"); n != 2 {
			t.Errorf("asked %d times", n)
		}
	})
	// A tag that runs under another digest is named, and does not run this image; a part of an index does.
	s = small()
	s.uses = usage.Set{Answers: []usage.Answer{{Source: usage.ECS, Uses: []usage.Use{
		used(ref.Reference{Tag: "v1.0", Digest: d("f")}, usage.Task, "prod/x", 2), used(ref.Reference{Digest: d("2")}, usage.Task, "prod/part", 1),
	}}}}
	s.wire = func(w *images.Wiring) { w.Uses = s.running }
	perform(t, s, 120, 30, func(drv *uitest.Driver) {
		drv.Advance(2 * settle).SeeLine(`▌ ● v2\.0`).SeeLine(`^  ○ v1\.0`).SeeNot("incomplete").See("prod/part (1 running)")
		drv.ClickOn("v1.0").See("ecs task prod/x").SeeNot("running")
	})
	s.usesErr = errors.New("no such profile")
	perform(t, s, 120, 30, func(drv *uitest.Driver) { drv.Advance(2 * settle).See("incomplete: no such profile") })
}

func TestSave(t *testing.T) {
	t.Parallel()
	s := small()
	s.failing["edge"] = errors.New("no")
	var rows [][]string
	s.save = func(r [][]string) (string, error) { rows = r; return "/tmp/", nil }
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("ctrl+s").See("✓ saved 3 rows to /tmp/images")
		want := [][]string{
			{"tags", "digest", "sizeBytes", "time", "platforms", "with"},
			{"v2.0, latest", string(d("a")), "30000000", "1999-12-30T00:00:00Z", "linux/amd64, linux/arm64", ""},
			{"v1.0", string(d("b")), "12000000", "1999-11-22T00:00:00Z", "linux/amd64", ""},
			{"edge", "", "", "", "", ""},
		}
		if !slices.EqualFunc(rows, want, slices.Equal) {
			t.Errorf("saved %q", rows)
		}
		drv.Press("space", "ctrl+s").See("saved 1 row to")
		if len(rows) != 2 || rows[1][1] != string(d("a")) {
			t.Errorf("saved %q", rows)
		}
	})
	s.save = func([][]string) (string, error) { return "", errors.New("the disk is full") }
	perform(t, s, 80, 24, func(drv *uitest.Driver) { drv.Advance(settle).Press("ctrl+s").See("✗ the disk is full") })
	s.save = nil
	perform(t, s, 80, 24, func(drv *uitest.Driver) { drv.Advance(settle).Press("ctrl+s").See("! saving is not set up here") })
}

func TestManyPlatforms(t *testing.T) {
	t.Parallel()
	s := small()
	img := s.details["v2.0"]
	img.Platforms = on("linux/amd64", "linux/arm64", "linux/s390x", "linux/ppc64le", "linux/riscv64")
	s.details["v2.0"], s.details["latest"] = img, img
	s.details["edge"] = image.Image{Digest: d("c"), Kind: image.KindUnknown, MediaType: "application/vnd.odd.v1+json", State: image.Read}
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeLine(`amd64 arm64 \+3`).SeeLine(`edge .*odd\.v1`).Resize(140, 30).SeeLine(`amd64 arm64 \+3`).SeeLine(`linux/riscv64`)
		drv.Press("p").SeeLine(`amd64 arm64 s390x`)
	})
}
