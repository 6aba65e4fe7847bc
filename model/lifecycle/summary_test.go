package lifecycle_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/lifecycle"
	"regatta/model/ref"
)

func TestSummaryCountsAndWeighs(t *testing.T) {
	t.Parallel()
	p := policyOf(t, policyText(ruleText(1, oldOnes, expire), ruleText(2, since(onAny, "ImagePulled", "30"), toAttic)))
	images := []lifecycle.Image{
		{Digest: digestOf("a"), Pushed: daysAgo(9), Size: 100},
		{Digest: digestOf("b"), Pushed: daysAgo(8), Size: -1},
		{Digest: digestOf("c"), Pushed: daysAgo(40), Size: 10, Tags: []string{"v1"}},
		{Digest: digestOf("d"), Pushed: daysAgo(1), Size: 1, Tags: []string{"v2"}},
	}
	e := lifecycle.Evaluate(p, images, today, nil)
	want := lifecycle.Summary{Keep: 1, Expire: 2, Transition: 1, ReclaimedBytes: 100, Estimated: true}
	if got := e.Summarize(nil); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	var asked []ref.Digest
	got := e.Summarize(func(gone []ref.Digest) (int64, bool) {
		asked = gone
		return 42, true
	})
	want.ReclaimedBytes, want.Estimated = 42, false
	if diff := cmp.Diff([]ref.Digest{images[0].Digest, images[1].Digest}, asked); diff != "" || got != want {
		t.Errorf("%+v, want %+v\n%s", got, want, diff)
	}
	if s := lifecycle.Evaluate(lifecycle.Policy{}, images, today, nil).Summarize(nil); s != (lifecycle.Summary{Keep: 4}) {
		t.Errorf("no policy: %+v", s)
	}
}

func TestCompareTellsWhatChanges(t *testing.T) {
	t.Parallel()
	images := []lifecycle.Image{
		{Digest: digits("1"), Pushed: daysAgo(9)},
		{Digest: digits("2"), Pushed: daysAgo(40), Tags: []string{"v1"}},
		{Digest: digits("3"), Pushed: daysAgo(39), Tags: []string{"v2"}},
		{Digest: digits("4"), Pushed: daysAgo(1), Tags: []string{"v3"}},
	}
	today := lifecycle.Evaluate(policyOf(t, policyText(ruleText(1, oldOnes, expire))), images, today, nil)
	next := lifecycle.Evaluate(policyOf(t, policyText(
		ruleText(1, since(onRelease, "ImagePushed", "39"), expire), ruleText(2, since(onAny, "ImagePulled", "30"), toAttic))),
		append([]lifecycle.Image{{Digest: digits("5"), Pushed: daysAgo(99)}}, images...), today.At, nil)
	want := lifecycle.Difference{Expire: []ref.Digest{digits("2")}, Keep: []ref.Digest{digits("1")}}
	if diff := cmp.Diff(want, lifecycle.Compare(today, next)); diff != "" {
		t.Error(diff)
	}
	back := lifecycle.Difference{Expire: []ref.Digest{digits("1")}, Keep: []ref.Digest{digits("2")}}
	if diff := cmp.Diff(back, lifecycle.Compare(next, today)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(lifecycle.Difference{}, lifecycle.Compare(next, next)); diff != "" {
		t.Error(diff)
	}
}
