package lifecycle_test

import (
	"testing"
	"time"

	"regatta/model/lifecycle"
	"regatta/model/ref"
)

func daysAgo(n float64) time.Time { return today.Add(-time.Duration(n * 24 * float64(time.Hour))) }

// selection is the JSON of one, of which every kind of rule can be made.
func since(status, count string, days string) string {
	return `"tagStatus": ` + status + `, "countType": "since` + count + `", "countUnit": "days", "countNumber": ` + days
}

const (
	onRelease = `"tagged", "tagPrefixList": ["v"]`
	onAny     = `"any"`
	onNone    = `"untagged"`
)

func TestReasons(t *testing.T) {
	t.Parallel()
	newestTwo := ruleText(1, `"tagStatus": "tagged", "tagPrefixList": ["v"], "countType": "imageCountMoreThan", "countNumber": 2`, expire)
	oldUntagged := ruleText(3, since(onNone, "ImagePushed", "30"), expire)
	unpulled := ruleText(4, since(onAny, "ImagePulled", "90"), toAttic)
	attic := ruleText(5, `"storageClass": "archive", `+since(onAny, "ImageTransitioned", "365"), expire)
	all := policyText(newestTwo, oldUntagged, unpulled, attic)
	v := func(name string, at time.Time) lifecycle.Image {
		return lifecycle.Image{Digest: digestOf(name), Tags: []string{"v" + name}, Pushed: at}
	}
	index, child := v("index", daysAgo(1)), lifecycle.Image{Digest: digestOf("child"), Pushed: daysAgo(40)}
	index.Children = []ref.Digest{child.Digest}
	for _, c := range []struct {
		name   string
		image  lifecycle.Image
		others []lifecycle.Image
		want   string
	}{
		{
			"by count", v("a", daysAgo(9)),
			[]lifecycle.Image{v("b", daysAgo(8)), v("c", daysAgo(7))},
			"expired by rule 1: it keeps the newest 2, this is number 3",
		},
		{
			"kept by count, a later rule would take it", v("a", daysAgo(100)), nil,
			"kept: rule 1 matches its tag and keeps the newest 2, it is number 1; rule 4 would archive it and comes later",
		},
		{
			"kept by count", v("a", daysAgo(7)),
			[]lifecycle.Image{v("b", daysAgo(6))},
			"kept: rule 1 matches its tag and keeps the newest 2, it is number 2",
		},
		{
			"equal times", v("a", daysAgo(7)),
			[]lifecycle.Image{v("b", daysAgo(6)), v("c", daysAgo(7))},
			"expired by rule 1: it keeps the newest 2, this is number 3; others have the same time, so the digest decides",
		},
		{
			"in the future", v("a", daysAgo(-3)), nil,
			"kept: rule 1 matches its tag and keeps the newest 2, it is number 1; its time is in the future",
		},
		{"by age", lifecycle.Image{Digest: digestOf("a"), Pushed: daysAgo(31)}, nil, "expired by rule 3: older than 30 days"},
		{
			"exactly so old",
			lifecycle.Image{Digest: digestOf("a"), Pushed: daysAgo(30)},
			nil,
			"kept: rule 3 matches untagged images, and it is not older than 30 days",
		},
		{
			"no time",
			lifecycle.Image{Digest: digestOf("a")},
			nil,
			"kept: rule 3 matches untagged images, and no time is known from which to count",
		},
		{
			"no time to count by", v("a", time.Time{}), nil,
			"kept: rule 1 matches its tag, and no time is known from which to count: it passes for the newest of the 2 that stay",
		},
		{
			"restored",
			lifecycle.Image{Digest: digestOf("a"), Pushed: daysAgo(300), Activated: daysAgo(3)},
			nil,
			"kept: rule 3 matches untagged images, and it is not older than 30 days, counted from when it was restored",
		},
		{
			"restored long ago",
			lifecycle.Image{Digest: digestOf("a"), Pushed: daysAgo(300), Activated: daysAgo(33)},
			nil,
			"expired by rule 3: older than 30 days, counted from when it was restored",
		},
		{
			"pulled",
			lifecycle.Image{Digest: digestOf("a"), Tags: []string{"main"}, Pushed: daysAgo(300), Pulled: daysAgo(91)},
			nil,
			"archived by rule 4: not pulled for more than 90 days",
		},
		{
			"never pulled",
			lifecycle.Image{Digest: digestOf("a"), Tags: []string{"main"}, Pushed: daysAgo(300)},
			nil,
			"archived by rule 4: not pulled for more than 90 days, counted from its push, as it was never pulled",
		},
		{
			"not pulled since it came back",
			lifecycle.Image{Digest: digestOf("a"), Tags: []string{"main"}, Pushed: daysAgo(300), Pulled: daysAgo(200), Activated: daysAgo(9)},
			nil,
			"kept: rule 4 matches every image, and it was pulled in the last 90 days, counted from when it was restored, as it was not pulled since",
		},
		{
			"in the archive",
			lifecycle.Image{Digest: digestOf("a"), Class: lifecycle.Archive, Archived: daysAgo(366)},
			nil,
			"expired by rule 5: in the archive for more than 365 days",
		},
		{
			"not long in the archive",
			lifecycle.Image{Digest: digestOf("a"), Class: lifecycle.Archive, Archived: daysAgo(365)},
			nil,
			"kept: rule 5 matches every image, and it is not longer in the archive than 365 days",
		},
		{
			"a child", child,
			[]lifecycle.Image{index},
			"kept: the index " + index.Digest.Short() + " (vindex) still references it, or rule 3 would expire it",
		},
		{
			"a referrer",
			lifecycle.Image{Digest: digestOf("sig"), Pushed: daysAgo(9), Subject: digestOf("x")},
			[]lifecycle.Image{{Digest: digestOf("x"), Pushed: daysAgo(90)}},
			"expired with its subject " + digestOf("x").Short() + ", by rule 3",
		},
	} {
		e := lifecycle.Evaluate(policyOf(t, all), append([]lifecycle.Image{c.image}, c.others...), today, nil)
		if got := e.Reason(0); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	e := lifecycle.Evaluate(policyOf(t, policyText(newestTwo)), []lifecycle.Image{child}, today, nil)
	if got := e.Reason(0); got != "kept: no rule matches" || e.Verdicts[0] != (lifecycle.Verdict{}) {
		t.Errorf("no rule: %q, %+v", got, e.Verdicts[0])
	}
}
