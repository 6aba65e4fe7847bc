package lifecycle_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"regatta/model/lifecycle"
	"regatta/model/ref"
)

// TestTimesAtTheEdges has numbers of days that no clock reaches, and times that
// nanoseconds do not.
func TestTimesAtTheEdges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		days   string
		pushed time.Time
		want   lifecycle.Outcome
	}{
		{"2147483647", daysAgo(50_000), lifecycle.Keep},
		{"106751", time.Date(1700, 1, 1, 0, 0, 0, 0, time.UTC), lifecycle.Expire},
		{"1", time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC), lifecycle.Expire},
		{"1", time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), lifecycle.Keep},
		{"1", time.Unix(math.MaxInt64/2, 0), lifecycle.Keep},
		{"1", daysAgo(1), lifecycle.Keep},
		{"1", daysAgo(1).Add(-1), lifecycle.Expire},
		{"1", today.Add(-24 * time.Hour).In(time.FixedZone("", 3600)).Add(-1), lifecycle.Expire},
	} {
		p := policyOf(t, policyText(ruleText(1, since(onNone, "ImagePushed", c.days), expire)))
		e := lifecycle.Evaluate(p, []lifecycle.Image{{Digest: digits("1"), Pushed: c.pushed}}, today, nil)
		if got := e.Verdicts[0].Outcome; got != c.want {
			t.Errorf("%s days, %s: %s, want %s", c.days, c.pushed, got, c.want)
		}
	}
}

// TestCirclesEnd has what no registry has: digests that point at each other.
func TestCirclesEnd(t *testing.T) {
	t.Parallel()
	p := policyOf(t, policyText(ruleText(1, since(onNone, "ImagePushed", "1"), expire)))
	circle := func(i int) lifecycle.Image {
		next := digits(strconv.Itoa((i + 1) % 3))
		return lifecycle.Image{Digest: digits(strconv.Itoa(i)), Pushed: daysAgo(9), Children: []ref.Digest{next, digits(strconv.Itoa(i))}, Subject: next}
	}
	images := []lifecycle.Image{circle(0), circle(1), circle(2)}
	for _, on := range []lifecycle.Switches{nil, {lifecycle.ChildrenWait: true}} {
		e := lifecycle.Evaluate(p, images, today, on)
		if s := e.Summarize(nil); s.Keep != 3 || !strings.Contains(e.Reason(0), "still references it") {
			t.Errorf("%v: %+v: %s", on, s, e.Reason(0))
		}
	}
}

// TestAnIndexOfAnotherRepositoryIsNone has children that are not there, and
// images that are listed twice by an index.
func TestAnIndexOfAnotherRepositoryIsNone(t *testing.T) {
	t.Parallel()
	p := policyOf(t, policyText(ruleText(1, since(onAny, "ImagePushed", "1"), expire)))
	images := []lifecycle.Image{
		{Digest: digits("1"), Pushed: daysAgo(9), Children: []ref.Digest{digits("8"), digits("2"), digits("2")}, Subject: digits("9")},
		{Digest: digits("2"), Pushed: daysAgo(9), Subject: digits("2")},
	}
	e := lifecycle.Evaluate(p, images, today, nil)
	want := []lifecycle.Verdict{{Outcome: lifecycle.Expire, Priority: 1}, {}}
	if !slices.Equal(e.Verdicts, want) {
		t.Errorf("%+v, want %+v", e.Verdicts, want)
	}
}

// TestPatternsTakeLinearTime tries what makes matchers that go back run for
// ever: the answer must come, and be right.
func TestPatternsTakeLinearTime(t *testing.T) {
	t.Parallel()
	tag, long := strings.Repeat("a", 100_000), strings.Repeat("a", 10_000)
	for pattern, want := range map[string]bool{
		"*a*a*a*b": false, "*a*a*a*": true, "a*a": true, "a*aa*aa": true, "****": true, "*": true, "": false, "b*": false,
		long: false, long + "*": true, "*" + long + "a*": true, "*" + long + "b*": false, "*" + long + "*b": false,
	} {
		p := policyOf(t, policyText(ruleText(1, tagged(fmt.Sprintf(`"tagPatternList": [%q]`, pattern)), expire)))
		e := lifecycle.Evaluate(p, []lifecycle.Image{{Digest: digits("1"), Tags: []string{tag}}}, today, nil)
		if got := e.Verdicts[0].Priority == 1; got != want {
			t.Errorf("%.20s: %v, want %v", pattern, got, want)
		}
	}
}
