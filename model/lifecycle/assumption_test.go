package lifecycle_test

import (
	"strings"
	"testing"
	"time"

	"regatta/model/fault"
	"regatta/model/lifecycle"
	"regatta/model/ref"
)

// TestEveryAssumptionMatters shows for each that can be turned round a
// repository that it makes a difference for: the outcome of its first image.
func TestEveryAssumptionMatters(t *testing.T) {
	t.Parallel()
	one := policyText(ruleText(1, strings.Replace(anyCount, "3", "1", 1), expire))
	old := policyText(ruleText(1, since(onAny, "ImagePushed", "1"), expire))
	img := func(name string, age float64) lifecycle.Image {
		return lifecycle.Image{Digest: digestOf(name), Pushed: daysAgo(age)}
	}
	with := func(i lifecycle.Image, change func(*lifecycle.Image)) lifecycle.Image {
		change(&i)
		return i
	}
	indexOf := func(class lifecycle.StorageClass, name string, age float64) lifecycle.Image {
		return with(img(name, age), func(i *lifecycle.Image) { i.Class, i.Children = class, []ref.Digest{digestOf("child")} })
	}
	refers := func(i *lifecycle.Image) { i.Subject = digestOf("subject") }
	lesser, greater := "a", "b"
	if digestOf(lesser) > digestOf(greater) {
		lesser, greater = greater, lesser
	}
	keep, gone := lifecycle.Keep, lifecycle.Expire
	for id, c := range map[lifecycle.AssumptionID]struct {
		policy          string
		images          []lifecycle.Image
		normal, flipped lifecycle.Outcome
	}{
		lifecycle.ChildrenCounted: {one, []lifecycle.Image{
			img("x", 3), img("child", 1), with(indexOf("", "index", 9), func(i *lifecycle.Image) { i.Class = lifecycle.Archive }),
			with(indexOf("", "other", 9), func(i *lifecycle.Image) { i.Pushed = daysAgo(20) }),
		}, gone, keep},
		lifecycle.EqualTimes:       {one, []lifecycle.Image{img(lesser, 3), img(greater, 3)}, keep, gone},
		lifecycle.ExactDays:        {old, []lifecycle.Image{img("x", 1.1)}, gone, keep},
		lifecycle.ReferrersCounted: {one, []lifecycle.Image{img("x", 3), with(img("sig", 1), refers)}, gone, keep},
		lifecycle.CaseSensitive: {
			policyText(ruleText(1, since(`"tagged", "tagPatternList": ["V*"]`, "ImagePushed", "1"), expire)),
			[]lifecycle.Image{with(img("x", 3), func(i *lifecycle.Image) { i.Tags = []string{"v1"} })},
			keep, gone,
		},
		lifecycle.RestoredAge: {old, []lifecycle.Image{
			with(img("x", 3), func(i *lifecycle.Image) { i.Activated = daysAgo(0.5) }),
		}, keep, gone},
		lifecycle.ChildrenWait:  {old, []lifecycle.Image{img("child", 3), indexOf("", "index", 3)}, keep, gone},
		lifecycle.ArchivedIndex: {old, []lifecycle.Image{img("child", 3), indexOf(lifecycle.Archive, "index", 3)}, gone, keep},
		lifecycle.ReferrersFollow: {
			policyText(ruleText(1, since(`"tagged", "tagPrefixList": [""]`, "ImagePushed", "1"), expire)),
			[]lifecycle.Image{with(img("sig", 3), refers), with(img("subject", 3), func(i *lifecycle.Image) { i.Tags = []string{"v1"} })},
			gone, keep,
		},
		lifecycle.NoTime: {old, []lifecycle.Image{with(img("x", 0), func(i *lifecycle.Image) { i.Pushed = time.Time{} })}, keep, gone},
	} {
		for on, want := range map[bool]lifecycle.Outcome{false: c.normal, true: c.flipped} {
			e := lifecycle.Evaluate(policyOf(t, c.policy), c.images, today, lifecycle.Switches{id: on})
			if got := e.Verdicts[0].Outcome; got != want {
				t.Errorf("%s turned round is %v: %s, want %s: %s", id, on, got, want, e.Reason(0))
			}
		}
	}
}

func TestSwitchKnowsTheAssumptions(t *testing.T) {
	t.Parallel()
	fixed := 0
	for _, a := range lifecycle.Assumptions() {
		on, err := lifecycle.Switch(string(a.ID))
		if switched := err == nil && on[a.ID]; switched != (a.Otherwise != "") {
			t.Errorf("%s: %v, %v", a.ID, on, err)
		}
		if a.Otherwise == "" {
			fixed++
		}
		if a.Assumed == "" || !strings.HasSuffix(a.Assumed, ".") {
			t.Errorf("%s is no sentence: %q", a.ID, a.Assumed)
		}
	}
	if fixed != 5 {
		t.Errorf("%d cannot be turned round", fixed)
	}
	if _, err := lifecycle.Switch("children-wait", "hope"); !fault.Is(err, fault.Invalid) {
		t.Errorf("error is %v", err)
	}
}
