package lifecycle_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"regatta/model/lifecycle"
	"regatta/model/ref"
)

// TestForecastOfADailyPush has one image a day, of which ten stay: with pushes
// going on one more goes every day, without nothing does.
func TestForecastOfADailyPush(t *testing.T) {
	t.Parallel()
	var images []lifecycle.Image
	for i := range 30 {
		images = append(images, lifecycle.Image{
			Digest: digestOf(fmt.Sprint("daily ", i)), Tags: []string{fmt.Sprint("v", i)}, Size: 100, Pushed: daysAgo(float64(i) + 0.5),
		})
	}
	p := policyOf(t, policyText(ruleText(1,
		`"tagStatus": "tagged", "tagPrefixList": ["v"], "countType": "imageCountMoreThan", "countNumber": 10`, expire)))
	f := lifecycle.Forecast(p, images, today, nil)
	if f.PerDay != 1 || len(f.Quiet) != lifecycle.Horizon+1 || len(f.Going) != lifecycle.Horizon+1 {
		t.Fatalf("%g a day, %d and %d days", f.PerDay, len(f.Quiet), len(f.Going))
	}
	for ahead := range f.Going {
		quiet, going := f.Quiet[ahead], f.Going[ahead]
		expired, without := 1, int64(3000+100*ahead)
		if ahead == 0 {
			expired = 20
		}
		if going.Expire != expired || going.Standard != 1000 || going.Archive != 0 || going.Without != without ||
			len(going.Expired) > 0 != (ahead <= 10) {
			t.Errorf("day %d: %+v", ahead, going)
		}
		if (ahead == 0) != (quiet.Expire == 20) || quiet.Standard != 1000 || quiet.Without != 3000 ||
			!quiet.At.Equal(today.AddDate(0, 0, ahead)) {
			t.Errorf("day %d, quiet: %+v", ahead, quiet)
		}
	}
}

// TestForecastOfOneImage follows it to the archive and to its end there; the
// child of an index goes a run after it.
func TestForecastOfOneImage(t *testing.T) {
	t.Parallel()
	p := policyOf(t, policyText(
		ruleText(1, since(onNone, "ImagePushed", "50"), expire),
		ruleText(2, since(onAny, "ImagePulled", "60"), toAttic),
		ruleText(3, `"storageClass": "archive", `+since(onAny, "ImageTransitioned", "90"), expire)))
	main := lifecycle.Image{Digest: digits("1"), Tags: []string{"main"}, Size: 7, Pushed: daysAgo(58.5)}
	old := lifecycle.Image{Digest: digits("2"), Tags: []string{"old"}, Size: 5, Class: lifecycle.Archive, Archived: daysAgo(80)}
	index := lifecycle.Image{Digest: digits("3"), Size: 3, Pushed: daysAgo(49.5), Children: []ref.Digest{digits("4")}}
	child := lifecycle.Image{Digest: digits("4"), Size: 2, Pushed: daysAgo(49.5)}
	f := lifecycle.Forecast(p, []lifecycle.Image{main, old, index, child}, today, nil)
	type event struct {
		Day                int
		Expired, Archived  []ref.Digest
		Standard, Archive_ int64
	}
	var got []event
	for ahead, d := range f.Quiet {
		if d.Expire+d.Transition > 0 {
			got = append(got, event{ahead, d.Expired, d.Archived, d.Standard, d.Archive})
		}
	}
	want := []event{
		{1, []ref.Digest{digits("3")}, nil, 9, 5},
		{2, []ref.Digest{digits("4")}, []ref.Digest{digits("1")}, 0, 12},
		{11, []ref.Digest{digits("2")}, nil, 0, 7},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestAnImageArchivedAgainStartsAgain has an image that was in the archive before:
// its time there counts from the day that the forecast puts it back.
func TestAnImageArchivedAgainStartsAgain(t *testing.T) {
	t.Parallel()
	p := policyOf(t, policyText(
		ruleText(1, since(onAny, "ImagePulled", "60"), toAttic),
		ruleText(2, `"storageClass": "archive", `+since(onAny, "ImageTransitioned", "90"), expire)))
	back := lifecycle.Image{Digest: digits("1"), Size: 1, Pushed: daysAgo(500), Archived: daysAgo(400), Activated: daysAgo(300)}
	f := lifecycle.Forecast(p, []lifecycle.Image{back}, today, nil)
	if first := f.Quiet[0]; first.Transition != 1 || first.Archive != 1 || f.PerDay != 0 {
		t.Errorf("%+v", first)
	}
	for _, d := range f.Quiet[1:] {
		if d.Expire+d.Transition > 0 {
			t.Errorf("%s: %+v", d.At.Format(time.DateOnly), d)
		}
	}
}

// TestTheFirstDayIsTheEvaluation holds for any policy and repository, and the
// order of the images does not matter on any day.
func TestTheFirstDayIsTheEvaluation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, images, on := parsed(t, anyRules(t)), anyImages(t), anySwitches(t)
		f := lifecycle.Forecast(p, images, today, on)
		sum := lifecycle.Evaluate(p, images, today, on).Summarize(nil)
		for _, day := range []lifecycle.Day{f.Quiet[0], f.Going[0]} {
			if day.Expire != sum.Expire || day.Transition != sum.Transition {
				t.Fatalf("%+v, want %+v", day, sum)
			}
		}
		other := lifecycle.Forecast(p, rapid.Permutation(images).Draw(t, "order"), today, on)
		if diff := cmp.Diff(sorted(f), sorted(other)); diff != "" {
			t.Fatal(diff)
		}
		stored(t, f.Quiet, images)
	})
}

// stored checks that the bytes add up: without the policy nothing goes.
func stored(t *rapid.T, days []lifecycle.Day, images []lifecycle.Image) {
	total := int64(0)
	for _, i := range images {
		total += i.Size
	}
	gone := map[ref.Digest]bool{}
	for _, d := range days {
		for _, digest := range d.Expired {
			if gone[digest] {
				t.Fatalf("%s goes twice", digest.Short())
			}
			gone[digest] = true
		}
		left := int64(0)
		for _, i := range images {
			if !gone[i.Digest] {
				left += i.Size
			}
		}
		if d.Without != total || d.Standard+d.Archive != left {
			t.Fatalf("%s: %+v, want %d of %d", d.At.Format(time.DateOnly), d, left, total)
		}
	}
}

func sorted(f lifecycle.Future) lifecycle.Future {
	for _, days := range [][]lifecycle.Day{f.Quiet, f.Going} {
		for i := range days {
			slices.Sort(days[i].Expired)
			slices.Sort(days[i].Archived)
		}
	}
	return f
}
