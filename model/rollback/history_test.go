package rollback_test

import (
	"strings"
	"testing"
	"time"

	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/rollback"
)

// past is the history in a few words, newest first: digest by number, "now" for what has not
// ended.
func past(f rollback.Facts) string {
	var out []string
	for _, e := range rollback.History(f) {
		said := "?"
		for n := range 9 {
			if e.Digest == digest(n) {
				said = string(rune('0' + n))
			}
		}
		if e.Until.IsZero() && e.Digest == f.Current {
			said += " now"
		}
		out = append(out, said)
	}
	return strings.Join(out, ", ")
}

// moved are runs that moved the tag, newest first: each at its hour from one digest to another.
func moved(all ...[3]int) []journal.Run {
	var out []journal.Run
	for _, m := range all {
		out = append(out, retagged(m[0], digest(m[1]), digest(m[2])))
	}
	return out
}

// Steps that were not done moved nothing, whatever they were to do.
func TestWhatWasNotDoneIsNoHistory(t *testing.T) {
	t.Parallel()
	for _, outcome := range []plan.Outcome{plan.Failed, plan.Skipped, plan.Pending, plan.Running, plan.Unchanged} {
		runs := moved([3]int{11, 2, 3}, [3]int{9, 1, 2})
		runs[0].Steps[0].Outcome = outcome
		f := rollback.Facts{Tag: prod(), Current: digest(2), Now: noon, Runs: runs}
		if got := past(f); got != "2 now, 1" {
			t.Errorf("%s: %s", outcome, got)
		}
	}
	short := moved([3]int{11, 2, 3}, [3]int{9, 1, 2})
	short[0].Steps = nil
	if got := past(rollback.Facts{Tag: prod(), Current: digest(2), Now: noon, Runs: short}); got != "2 now, 1" {
		t.Errorf("without a word about its steps: %s", got)
	}
	other := moved([3]int{11, 2, 3}, [3]int{9, 1, 2})
	other[0].Plan.Steps[0].Reference.Tag = "test"
	if got := past(rollback.Facts{Tag: prod(), Current: digest(2), Now: noon, Runs: other}); got != "2 now, 1" {
		t.Errorf("another tag: %s", got)
	}
}

// Between two moves of ours somebody else may have moved the tag: what the second one found is
// history too, as long as it is known, and once where nobody had.
func TestForeignMoveBetweenOurs(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]rollback.Facts{
		"4 now, 3, 2, 1": {Current: digest(4), Runs: moved([3]int{11, 3, 4}, [3]int{9, 1, 2})},
		"3 now, 2, 1":    {Current: digest(3), Runs: moved([3]int{11, 2, 3}, [3]int{9, 1, 2})},
		"5, 3, 2, 1":     {Current: digest(7), Runs: moved([3]int{11, 3, 5}, [3]int{9, 1, 2})}, // and once more since
	} {
		f.Tag, f.Now = prod(), noon
		if got := past(f); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	removal := moved([3]int{11, 2, 0}, [3]int{9, 1, 2})
	removal[0].Plan.Steps[0].Kind = plan.Untag
	if got := past(rollback.Facts{Tag: prod(), Now: noon, Runs: removal}); got != "2, 1" {
		t.Errorf("after it was removed: %s", got)
	}
}

// A tag that comes back to an image has pointed to it twice: only the newer period is still
// going on, and the older one keeps its end.
func TestBackToAnEarlierImage(t *testing.T) {
	t.Parallel()
	f := rollback.Facts{
		Tag: prod(), Current: digest(1), Now: noon, Runs: moved([3]int{11, 2, 1}, [3]int{9, 1, 2}, [3]int{7, 0, 1}),
	}
	if got := past(f); got != "1 now, 2, 1, 0" {
		t.Fatalf("%s", got)
	}
	if old := rollback.History(f)[2]; !old.Until.Equal(noon.Add(-3*time.Hour)) || !old.Ended {
		t.Errorf("the older period lasts until %s", old.Until)
	}
	seenTwice := rollback.Facts{Tag: prod(), Current: digest(1), Now: noon, Seen: []image.Sighting{
		seen(digest(1), 20, 24), seen(digest(2), 10, 19), seen(digest(1), 1, 9),
	}}
	if got := past(seenTwice); got != "1 now, 2, 1" {
		t.Errorf("as it was seen: %s", got)
	}
}
