package cleanup_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"regatta/model/cleanup"
	"regatta/model/image"
	"regatta/model/plan"
)

// The grace is a tag: set first, then looked at, then taken away or gone with.
func TestGrace(t *testing.T) {
	t.Parallel()
	passed, ahead := today.Add(-time.Second), today.Add(day)
	s := newShop().image("new", 99*day, "pr-1").
		image("due", 99*day, "pr-2", cleanup.MarkTag(digest("due"), passed)).
		image("waits", 99*day, "pr-3", cleanup.MarkTag(digest("waits"), ahead)).
		image("spared", 1*day, "pr-4", cleanup.MarkTag(digest("spared"), passed)).
		image("stolen", 99*day, "v1", cleanup.MarkTag(digest("due"), today.Add(-day)))
	rules := cleanup.Rules{Match: []string{"pr-*"}, OlderThan: 30 * day, Grace: 14 * day}
	got := s.evaluate(rules)
	for name, want := range map[string]string{
		"new":    "marked for deletion: it goes after 2026-12-04 09:00:00: older than 30 days (99 days), all tags match pr-*",
		"due":    "removed: older than 30 days (99 days), all tags match pr-*, and marked to go after 2026-11-20 08:59:59",
		"waits":  "kept: it is marked and goes after 2026-11-21 09:00:00: older than 30 days (99 days), all tags match pr-*",
		"spared": "kept: not older than 30 days (1 day)",
		"stolen": "kept: " + cleanup.MarkTag(digest("due"), today.Add(-day)) + " does not match pr-*",
	} {
		if r := reason(t, got, name); r != want {
			t.Errorf("%s: %q, want %q", name, r, want)
		}
	}
	p, err := plan.ToPrune(s.view(), got.Pruning(), plan.Options{At: today})
	if err != nil {
		t.Fatal(err)
	}
	var steps []string
	for _, step := range p.Steps {
		steps = append(steps, string(step.Kind)+" "+step.Reference.Tag+" "+step.Digest.Short())
	}
	if diff := cmp.Diff([]string{
		"retag regatta-delete-after-2026-12-04T090000Z-" + short("new") + " " + short("new"),
		"untag " + cleanup.MarkTag(digest("spared"), passed) + " " + short("spared"),
		"delete  " + short("due"),
	}, steps); diff != "" {
		t.Error(diff)
	}
	raw, err := plan.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := plan.Decode(raw); err != nil || !cmp.Equal(p, again) {
		t.Errorf("%v %s", err, cmp.Diff(p, again))
	}
	for _, k := range p.Kept {
		if k.Digest == digest("spared") && !cmp.Equal(k.Tags, []string{"pr-4"}) || k.Digest == digest("new") && len(k.Tags) != 2 {
			t.Errorf("%s keeps %v", k.Digest.Short(), k.Tags)
		}
	}
	rules.Grace = 0
	if r := removed(t, s.evaluate(rules), "new", "due", "waits", "spared", "stolen"); r != "new due waits" {
		t.Errorf("without a grace %q go", r)
	}
}

// What is due does not go while its index only waits.
func TestGraceKeepsIndexesWhole(t *testing.T) {
	t.Parallel()
	s := newShop().image("amd", 99*day, "pr-amd", cleanup.MarkTag(digest("amd"), today)).
		index("multi", 99*day, []string{"amd"}, "pr-1")
	got := s.evaluate(cleanup.Rules{Match: []string{"pr-*"}, Grace: day})
	if r := reason(t, got, "amd"); r != "kept: the index "+short("multi")+" (pr-1) needs it" {
		t.Error(r)
	}
}

// Where there is an archive, the grace is spent there: no tag is set, and how
// long it lasts is the time of archiving.
func TestGraceInTheArchive(t *testing.T) {
	t.Parallel()
	s := newShop().image("new", 99*day, "pr-1").
		image("due", 99*day, "pr-2").archived("due", image.Archived, 15*day).
		image("waits", 99*day, "pr-3").archived("waits", image.Archived, 13*day).
		image("back", 99*day, "pr-4").archived("back", image.Restoring, 15*day).
		image("restored", 99*day, "pr-5").archived("restored", image.Standard, 50*day).
		image("spared", 1*day, "pr-6").archived("spared", image.Archived, 15*day).
		image("child", 99*day).index("multi", 99*day, []string{"child"}, "pr-7").
		image("marked", 99*day, "pr-8", cleanup.MarkTag(digest("marked"), today)).
		image("needed", 99*day, "pr-9").index("above", 99*day, []string{"needed"}, "pr-10").archived("above", image.Archived, day)
	stock := cleanup.NewStock(s.graph, s.described)
	stock.Archives = true
	got := stock.Evaluate(cleanup.Rules{Match: []string{"pr-*"}, OlderThan: 30 * day, Grace: 14 * day}, today)
	old := "older than 30 days (99 days), all tags match pr-*"
	for name, want := range map[string]string{
		"new":      "archived first: it goes after 2026-12-04 09:00:00: " + old,
		"due":      "removed: " + old + ", and in the archive to go after 2026-11-19 09:00:00",
		"waits":    "kept: it is in the archive and goes after 2026-11-21 09:00:00: " + old,
		"back":     "kept: it is on its way back from the archive: " + old,
		"restored": "archived first: it goes after 2026-12-04 09:00:00: " + old,
		"spared":   "kept: not older than 30 days (1 day)",
		"multi":    "archived first: it goes after 2026-12-04 09:00:00: " + old,
		"marked":   "removed: " + old + ", and marked to go after 2026-11-20 09:00:00",
		"needed":   "kept: the index " + short("above") + " (pr-10) needs it",
	} {
		if r := reason(t, got, name); r != want {
			t.Errorf("%s: %q, want %q", name, r, want)
		}
	}
	v := s.view()
	if _, err := plan.ToPrune(v, got.Pruning(), plan.Options{At: today}); err == nil {
		t.Error("it was archived where there is no archive")
	}
	v.Can.Archives = true
	p, err := plan.ToPrune(v, got.Pruning(), plan.Options{At: today})
	if err != nil {
		t.Fatal(err)
	}
	steps := map[string]int{}
	for _, step := range p.Steps {
		steps[string(step.Kind)+" "+step.Digest.Short()]++
	}
	want := map[string]int{"delete " + short("due"): 1, "delete " + short("marked"): 1}
	for _, name := range []string{"new", "restored", "multi", "child"} {
		want["archive "+short(name)] = 1
	}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Error(diff)
	}
	if sum := got.Summarize(); sum.Archive != 3 || sum.Remove != 2 || sum.Mark != 0 {
		t.Errorf("%+v", sum)
	}
}
