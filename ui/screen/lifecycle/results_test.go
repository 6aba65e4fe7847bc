package lifecycle_test

import (
	"os"
	"testing"
	"time"

	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/ui/uitest"
)

// The newest text wins, however long the one before it takes to work out.
func TestTheNewestTextWins(t *testing.T) {
	t.Parallel()
	s := small()
	calls := 0
	s.loaded.Weigh = func(gone []ref.Digest) (int64, bool) {
		if calls++; calls == 2 {
			time.Sleep(2 * time.Second)
		}
		return int64(len(gone)), true
	}
	perform(t, s, 160, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).See("× expire 1", "frees 1 B").SeeNot("at most").Press("n", "enter").Press("n", "j", "enter").See(" …").Advance(settle)
		drv.See("× expire 0", "[all 4]  rule 1 4", "a template, not saved · as of now").SeeNot("as of now …")
		if calls != 3 {
			t.Errorf("worked out %d times", calls)
		}
	})
}

// What goes though somebody runs it comes first, and is not what is archived only.
func TestDangers(t *testing.T) {
	t.Parallel()
	s := small()
	s.loaded.Images = append(s.loaded.Images, lifecycle.Image{Digest: d("f"), Size: 1, Pushed: day(15)})
	perform(t, s, 130, 30, func(drv *uitest.Driver) { drv.Advance(settle).See("× expire 2", "! 1 in use").CursorOn("cccccc") })
	s = small()
	s.loaded.Images[0].Pushed, s.loaded.Images[0].Pulled = day(200), day(150)
	perform(t, s, 130, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("n", "j", "j", "j", "j", "enter").Advance(settle).SeeLine(`↓ archive .*v3 latest .*in use by ecs service prod/y`)
		drv.See("in use 0").SeeNot("! 1 in use")
	})
}

func TestATemplateThatIsSaved(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("templates/untagged.json")
	if err != nil {
		t.Fatal(err)
	}
	s := small()
	s.policy = string(text)
	perform(t, s, 130, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).See("nothing is changed here").SeeNot("a template").Press("n", "enter").Advance(settle).SeeNot("a template")
		drv.Press("n", "j", "enter").Advance(settle).See("a template, not saved")
	})
}
