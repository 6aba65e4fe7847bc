package plan_test

import (
	"slices"
	"strings"
	"testing"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// lacking is what is known of a repository that lacks these blobs, and has the others.
func lacking(names ...string) plan.Presence {
	seen := plan.Presence{}
	for _, name := range []string{"a", "base", "own"} {
		seen[here(digest(name))] = !slices.Contains(names, name)
	}
	return seen
}

// What another repository has of an image is brought from there before it goes back.
func TestUndoBringsWhatAnotherRepositoryHas(t *testing.T) {
	t.Parallel()
	a := img(t, "a", "base", "own")
	v := view(tags{"v1": a})
	ran := deleted(t, v, []image.Manifest{a}, a)
	ask := plan.Ask{Place: here(digest("own")), Blob: true, Size: 100, Elsewhere: true}
	u := plan.Inverse(ran, lacking("own"), v.Can, options())
	if len(u.Asks) != 1 || u.Asks[0] != ask {
		t.Fatalf("asks for %+v", u.Asks)
	}
	ran.Sources = plan.Sources{digest("own"): "team/web"}
	u = plan.Inverse(ran, lacking("own"), v.Can, options())
	if u.Verdict != plan.Possible || len(u.Asks) != 0 || len(u.Plan.Steps) != 3 {
		t.Fatalf("%s, asks %v, %+v", u.Verdict, u.Asks, u.Plan)
	}
	s := u.Plan.Steps[0]
	from := ref.Reference{Host: v.Registry, Repository: "team/web", Digest: digest("own")}
	if s.Kind != plan.CopyBlob || s.From != from || s.Size != 100 || u.Plan.Local != "" {
		t.Errorf("the first step is %+v", s)
	}
	if after := u.Plan.Steps[1].After; !slices.Equal(after, []int{0}) {
		t.Errorf("the manifest waits for %v", after)
	}
	raw, err := plan.Encode(u.Plan)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plan.Decode(raw); err != nil {
		t.Error(err)
	}
}

// Only what no repository has is gone; of what was not asked for that is not known; and
// where each repository has its own, nobody else is asked.
func TestUndoSaysWhetherAnotherRepositoryMayHaveIt(t *testing.T) {
	t.Parallel()
	a := img(t, "a", "base", "own")
	v := view(tags{"v1": a})
	ask := plan.Ask{Place: here(digest("own")), Blob: true, Size: 100, Elsewhere: true}
	for want, c := range map[string]struct {
		sources plan.Sources
		unknown map[plan.Ask]bool
		shares  plan.Support
	}{
		"the registry no longer has its blob ":                                 {sources: plan.Sources{digest("own"): ""}},
		"it is not known whether another one does":                             {unknown: map[plan.Ask]bool{ask: true}},
		"the repository no longer has its blob " + digest("own").Short() + ":": {shares: plan.No},
	} {
		v.Can.SharesBlobs = c.shares
		ran := deleted(t, v, []image.Manifest{a}, a)
		ran.Sources, ran.Unknown = c.sources, c.unknown
		u := plan.Inverse(ran, lacking("own"), v.Can, options())
		if u.Verdict != plan.Partial || len(u.Asks) != 0 || len(u.Plan.Lost) != 1 || u.Plan.Lost[0].Maybe {
			t.Errorf("%s, asks %v, %+v", u.Verdict, u.Asks, u.Plan.Lost)
			continue
		}
		wantText(t, u.Plan.Lost[0].Reason, want)
	}
}

// To set a tag is to push: what the image lacks by then is brought first, from another
// repository or the archive, though its manifest is there.
func TestWhatATagGoesBackToIsCompletedFirst(t *testing.T) {
	t.Parallel()
	a := img(t, "a", "base", "own")
	v := view(tags{"v1": a, "v2": a})
	p, err := plan.ToUntag(v, []string{"v1"}, options())
	if err != nil {
		t.Fatal(err)
	}
	for name, ran := range map[string]plan.Ran{
		"team/web":    {Plan: p, Sources: plan.Sources{digest("own"): "team/web"}},
		"the archive": {Plan: p, Archive: map[ref.Digest]int64{digest("own"): 100}},
	} {
		ran.Outcomes = []plan.Outcome{plan.Done}
		ran.Saved = map[ref.Digest]plan.Manifest{a.Digest: {MediaType: a.MediaType, Raw: a.Raw}}
		seen := lacking("own")
		seen[here(a.Digest)] = true
		u := plan.Inverse(ran, seen, v.Can, options())
		if got := brief(u.Plan, tags{"a": a}); u.Verdict != plan.Possible || !strings.HasPrefix(got, "copy-blob ") ||
			!strings.HasSuffix(got, ", retag v1") || !slices.Equal(u.Plan.Steps[1].After, []int{0}) {
			t.Errorf("%s: %s, %s", name, u.Verdict, got)
		}
		wantText(t, u.Plan.Steps[0].Reason, name)
	}
}

// What was not asked for is never taken to be there: manifests that the journal has are
// pushed, blobs that the archive has are brought, and of others it is said.
func TestWhatWasNotAskedForIsNotThere(t *testing.T) {
	t.Parallel()
	a := img(t, "a", "base", "own")
	v := view(tags{"v1": a, "v2": a})
	p, err := plan.ToUntag(v, []string{"v1"}, options())
	if err != nil {
		t.Fatal(err)
	}
	ran := plan.Ran{
		Plan: p, Outcomes: []plan.Outcome{plan.Done}, Unknown: map[plan.Ask]bool{},
		Saved:   map[ref.Digest]plan.Manifest{a.Digest: {MediaType: a.MediaType, Raw: a.Raw}},
		Archive: map[ref.Digest]int64{digest("own"): 100, digest("base"): 100},
	}
	ran.Unknown[plan.Ask{Place: here(a.Digest)}] = true
	for _, d := range a.Blobs() {
		ran.Unknown[plan.Ask{Place: here(d.Digest), Blob: true, Size: d.Size}] = true
	}
	u := plan.Inverse(ran, nil, v.Can, options())
	got := brief(u.Plan, tags{"a": a})
	if u.Verdict != plan.Partial || len(u.Asks) != 0 || strings.Count(got, "copy-blob") != 2 || !strings.HasSuffix(got, "put a, retag v1") {
		t.Errorf("%s, asks %v: %s", u.Verdict, u.Asks, got)
	}
	if len(u.Plan.Lost) != 1 || !u.Plan.Lost[0].Maybe {
		t.Fatalf("lost is %+v", u.Plan.Lost)
	}
	wantText(t, u.Plan.Lost[0].Reason, "was not asked whether it still has its blob "+digest("a").Short())
}
