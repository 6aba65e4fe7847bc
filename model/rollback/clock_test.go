package rollback_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"regatta/model/deploy"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/rollback"
)

// apart is a tag whose registry and services go by a clock that differs from
// this machine's, which alone has seen what is there now.
func apart(skew time.Duration) rollback.Facts {
	theirs := func(hours int) time.Time { return noon.Add(skew - time.Duration(hours)*time.Hour) }
	return rollback.Facts{
		Tag: prod(), Current: digest(3), Now: noon,
		Seen: []image.Sighting{{Tag: "prod", Digest: digest(3), First: noon.Add(-time.Hour), Last: noon}},
		Past: []deploy.Past{
			{Place: "prod/api", Digest: digest(3), Began: theirs(1), Ended: theirs(1), Stable: true},
			{Place: "prod/api", Digest: digest(2), Began: theirs(3), Ended: theirs(2), Stable: true},
			{Place: "prod/api", Digest: digest(1), Began: theirs(9), Ended: theirs(8), Stable: true},
		},
		Images: []image.Image{
			{Digest: digest(3), Tags: []string{"prod"}, Pushed: theirs(2)},
			{Digest: digest(2), Tags: []string{"former"}, Pushed: theirs(4)},
			{Digest: digest(1), Tags: []string{"first"}, Pushed: theirs(10)},
			{Digest: digest(4), Tags: []string{"other"}, Pushed: theirs(3)},
		},
	}
}

// Times ahead of this machine's clock are told as such, not as an age, and what
// the tag points to stays at the top.
func TestClocksThatDisagree(t *testing.T) {
	t.Parallel()
	for skew, want := range map[time.Duration][]string{
		0: {
			"former: ran in prod/api, for 2h, until 1h ago", "first: ran in prod/api, for 7h, until 2h ago", "other: pushed 3h ago",
		},
		-12 * time.Hour: {
			"former: ran in prod/api, for 2h, until 13h ago", "first: ran in prod/api, for 7h, until 14h ago", "other: pushed 15h ago",
		},
		12 * time.Hour: {
			"former: ran in prod/api, until 11h ahead of this machine's clock", "first: ran in prod/api, until 10h ahead of this machine's clock",
			"other: pushed 9h ahead of this machine's clock",
		},
	} {
		f := apart(skew)
		got := reasons(rollback.Candidates(f))
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s apart:\n%s", skew, strings.Join(got, "\n"))
		}
		if h := rollback.History(f); h[0].Digest != f.Current || !h[0].Until.IsZero() {
			t.Errorf("%s apart: %+v", skew, h)
		}
	}
}

// However far clocks are apart, the tag's own image is first, the candidates are in
// the order of what happened, and no period ends before it begins.
func TestClocksOfAnyDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := apart(time.Duration(rapid.IntRange(-100*3600, 100*3600).Draw(t, "seconds")) * time.Second)
		if rapid.Bool().Draw(t, "changed here") {
			f.Runs = []journal.Run{retagged(11, digest(2), digest(3))}
		}
		for i, e := range rollback.History(f) {
			if i == 0 && e.Digest != f.Current || !e.Until.IsZero() && e.Until.Before(e.Since) {
				t.Errorf("%d: %+v", i, e)
			}
		}
		for i, c := range rollback.Candidates(f) {
			if c.Digest != digest([]int{2, 1, 4}[i]) || strings.Contains(c.Reason, "-") || strings.Contains(c.Reason, "for now") {
				t.Errorf("%d: %+v", i, c)
			}
		}
	})
}

// A change that was made while the clock was ahead, and one after it was set right:
// the journal knows which came first.
func TestAClockThatWasSetBack(t *testing.T) {
	t.Parallel()
	f := rollback.Facts{Tag: prod(), Current: digest(3), Now: noon, Runs: []journal.Run{
		retagged(11, digest(2), digest(3)), retagged(14, digest(1), digest(2)), retagged(9, digest(0), digest(1)),
	}}
	want := []string{
		": previous digest of prod, until 1h ago", ": prod pointed to it, for 2h, until 1h ago",
		": prod pointed to it, until 3h ago",
	}
	all := rollback.Candidates(f)
	if got := reasons(all); strings.Join(got, "\n") != strings.Join(want, "\n") || all[0].Digest != digest(2) ||
		all[1].Digest != digest(1) || rollback.History(f)[0].Digest != digest(3) {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	f.Runs, f.Current = f.Runs[1:], digest(2)
	if got := reasons(rollback.Candidates(f)); got[0] != ": previous digest of prod, until 2h ahead of this machine's clock" {
		t.Errorf("%q", got)
	}
}

func TestSkew(t *testing.T) {
	t.Parallel()
	if said := rollback.Skew(apart(0)) + rollback.Skew(apart(-12*time.Hour)) + rollback.Skew(apart(time.Hour+30*time.Second)); said != "" {
		t.Errorf("%q", said)
	}
	f := apart(12 * time.Hour)
	const want = "times of the registry and of the services that follow the tag are up to 11h ahead of this machine's clock: " +
		"ages, and what goes by them, are not to be relied on"
	if said := rollback.Skew(f); said != want {
		t.Errorf("%q", said)
	}
	soon := noon.Add(2 * time.Hour)
	for whose, f := range map[string]rollback.Facts{
		"of the images are":         {Images: []image.Image{{Created: soon}}},
		"of the journal are":        {Runs: []journal.Run{retagged(14, digest(1), digest(2))}},
		"of what was seen here are": {Seen: []image.Sighting{{First: noon, Last: soon}}},
	} {
		f.Tag, f.Now = prod(), noon
		if said := rollback.Skew(f); !strings.HasPrefix(said, "times "+whose+" up to 2h ahead") {
			t.Errorf("%q", said)
		}
	}
}
