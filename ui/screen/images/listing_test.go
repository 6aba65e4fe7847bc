package images_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/ui/uitest"
)

func TestAListingThatFails(t *testing.T) {
	t.Parallel()
	s := small()
	s.pageErr[""] = &fault.Error{Kind: fault.Unavailable, Op: "list tags of", Object: "team/app"}
	s.pages[""] = image.Page{}
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).See("list tags of team/app", "press r to try again", "r refresh").SeeNot("listing", "no tags")
		drv.Press("enter").See("! open: there is no image here").Press("x").See("! delete: there is no image here").Press("m").See("there is no image here")
		drv.Press("/").See("there is nothing to filter").Press("j").See("there is nothing listed").Press("p").See("it needs 110 columns")
		s.pageErr[""], s.pages[""] = nil, image.Page{Images: tagged("v1.0")}
		drv.Press("r").Advance(settle).See("v1.0", "1 images").SeeNot("list tags", "r refresh")
	})
	cut := small()
	cut.pageErr["v2.0"], cut.pages["v2.0"] = &fault.Error{Kind: fault.Timeout, Op: "list tags of", Object: "team/app"}, image.Page{Images: tagged("half")}
	perform(t, cut, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).See("v1.0", "v2.0", "half", "✗ timed out: list tags of team/app", "press r to try again") // what came stays
	})
	odd := small()
	odd.pages[""] = image.Page{Images: tagged("v1.0"), Omitted: 1, Next: "v2.0"}
	odd.pages["v2.0"] = image.Page{Omitted: 2}
	perform(t, odd, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).See("v1.0", "3 names in the list are not valid, and are left out")
		odd.pages[""] = image.Page{Images: tagged("v1.0")}
		drv.Press("r").Advance(settle).SeeNot("not valid")
	})
}

func TestNothingToList(t *testing.T) {
	t.Parallel()
	s := small()
	s.pages = map[string]image.Page{}
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).See("This repository has no tags.", "Push an image, then press r.", "r refresh")
	})
	s = small()
	s.pages = map[string]image.Page{"": {Images: []image.Image{{Digest: d("e"), State: image.Read, Size: 5}}}}
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).See("No tagged images here.", "Press U to see untagged").Press("U").SeeLine(`untagged +eeeeeeeeeeee +5 B`).Press("U").See("No tagged")
	})
	s = small()
	s.known, s.knownErr = tagged("old"), &fault.Error{Kind: fault.Corrupt, Op: "read", Object: "the store"}
	s.slow = time.Second
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(500 * time.Millisecond).See("✗ corrupt: read the store").Advance(settle).See("v1.0").SeeNot("old")
	})
}

// What is slow to come from the store does not undo what the listing has said.
func TestTheStoreIsLate(t *testing.T) {
	t.Parallel()
	s := small()
	s.known, s.late = tagged("old"), 2*time.Second
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(time.Second).See("3 images").Advance(settle).SeeNot("old").See("3 images")
	})
	s.slow, s.late = 8*time.Second, 0
	perform(t, s, 80, 24, func(drv *uitest.Driver) {
		drv.Advance(3 * time.Second).See("old").Advance(4 * settle).SeeNot("old").Press("E").Advance(3 * time.Second).See("old") // it is of use again
	})
}

func TestUntaggedAndCompanions(t *testing.T) {
	t.Parallel()
	s := small()
	sig := "sha256-" + strings.Repeat("a", 64) + ".sig"
	s.pages["v2.0"] = image.Page{Images: append(tagged("latest", "edge", sig), image.Image{Digest: d("e"), State: image.Read, Size: 5, Created: day(3)})}
	s.details[sig] = image.Image{Digest: d("f"), Kind: image.KindImage, State: image.Read, Size: 9}
	perform(t, s, 108, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).See("3 images · 5 tags").SeeNot("untagged", "signature of")
		drv.SeeLine(`v2\.0 latest .* sig`).Press("U").Advance(settle).See("5 images").SeeLine(`untagged +eeeeeeeeeeee`)
		drv.SeeLine(`signature of aaaaaaaaaaaa +ffffffffffff`)
		drv.Press("/").Type("is:untagged").Press("enter").CursorOn("untagged").Press("c").See("✓ copied registry.example/team/app@sha256:eee")
		drv.Press("d").See("! there is no tag to remove").Press("b").See("! the image has no tag that could go back")
		drv.Press("esc", "U").Advance(settle).SeeNot("untagged")
		drv.ClickOn("v1.0").CursorOn("v1.0").Press("E").Advance(settle).CursorOn("v1.0").See("4 images").SeeLine(`latest +aaaa`).SeeLine(`v2\.0 +aaaa`) // a row a tag
		drv.Press("E").Advance(settle).CursorOn("v1.0").See("3 images")
	})
}

// versions are so many tags of so many images.
func versions(s *shop, n int) []string {
	many := make([]string, n)
	for i := range many {
		many[i] = fmt.Sprintf("v1.%02d", i)
		s.details[many[i]] = image.Image{Digest: ref.Digest(fmt.Sprintf("sha256:%064x", 4096+i)), State: image.Read}
	}
	return many
}

func TestReadsThatCount(t *testing.T) {
	t.Parallel()
	s := small()
	s.caps, s.slow, s.prefetch = image.Capabilities{CountsReads: true}, time.Second, 100
	s.subjects = map[ref.Digest][]image.Descriptor{}
	many := versions(s, 40)
	s.pages = map[string]image.Page{"": {Images: tagged(many[:20]...), Next: "n"}, "n": {Images: tagged(many[20:]...)}}
	perform(t, s, 100, 24, func(drv *uitest.Driver) {
		drv.Advance(1500 * time.Millisecond).See("reads count as pulls here: visible rows only")
		equal(t, s.heard(), "known team/app", "page ", "page n") // nothing is read that the listing may yet tell
		drv.Advance(settle)
		if got := s.heard(); len(got) != 20 || got[0] != "describe v1.20 false" {
			t.Errorf("%d asked: %q", len(got), got)
		}
		if drv.Press("j").Advance(settle); len(s.heard()) != 0 {
			t.Error("a key reads what is not seen")
		}
		drv.Press("G").Advance(settle)
		if got := s.heard(); len(got) != 20 || got[0] != "describe v1.00 false" {
			t.Errorf("%d asked: %q", len(got), got)
		}
	})
	s = small()
	s.caps = image.Capabilities{CountsReads: true, PushTimes: true}
	perform(t, s, 120, 24, func(drv *uitest.Driver) { drv.Advance(settle).See("reads count as pulls here: rows are only listed") })
}

func TestDetailsOfWhatIsSeenComeFirst(t *testing.T) {
	t.Parallel()
	s := small()
	s.pages = map[string]image.Page{"": {Images: tagged(versions(s, 60)...)}}
	s.dull, s.prefetch = time.Second, 50
	perform(t, s, 100, 24, func(drv *uitest.Driver) {
		drv.Advance(500 * time.Millisecond)
		if got := s.heard(); len(got) != 14 || got[0] != "describe v1.48 false" || got[11] != "describe v1.59 false" {
			t.Errorf("%d asked: %q", len(got), got)
		}
		drv.Advance(10 * time.Second)
		if got := s.heard(); len(got) != 38 || got[0] != "describe v1.10 false" { // fifty of them, and no more
			t.Errorf("%d asked: %q", len(got), got)
		}
		if s.mu.Lock(); s.top != 12 {
			t.Errorf("%d at a time", s.top)
		}
		s.mu.Unlock()
	})
}

func TestReferrers(t *testing.T) {
	t.Parallel()
	s := small()
	s.subjects = map[ref.Digest][]image.Descriptor{
		d("a"): {{ArtifactType: "application/vnd.dev.cosign.artifact.sig.v1+json"}, {ArtifactType: "application/spdx+json"}, {ArtifactType: "x/y"}},
	}
	perform(t, s, 108, 24, func(drv *uitest.Driver) {
		drv.Advance(2 * settle).SeeLine(`v2\.0 latest .* sig sbom`).SeeNot("not found")
		got := strings.Join(s.heard(), " ")
		for _, figure := range []string{"a", "b", "c"} {
			if strings.Count(got, "subjects "+figure) != 1 {
				t.Errorf("asked: %s", got)
			}
		}
		drv.Press("/").Type("is:signed").Press("enter").See("1 / 3 images")
	})
	busy := small()
	busy.pages, busy.subjects = map[string]image.Page{"": {Images: tagged(versions(busy, 15)...)}}, map[ref.Digest][]image.Descriptor{}
	busy.dull = time.Second
	perform(t, busy, 108, 24, func(drv *uitest.Driver) {
		drv.Advance(4 * settle)
		if n := strings.Count(strings.Join(busy.heard(), " "), "subjects"); n != 15 || busy.topSubjects != 4 {
			t.Errorf("asked of %d, %d at a time", n, busy.topSubjects)
		}
	})
	s.caps.CountsReads = true
	s.heard()
	perform(t, s, 120, 24, func(drv *uitest.Driver) {
		if drv.Advance(2 * settle); strings.Contains(strings.Join(s.heard(), " "), "subjects") {
			t.Error("referrers are read though reads count")
		}
	})
}
