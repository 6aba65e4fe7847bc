package plan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/cost"
	"regatta/model/graph"
	"regatta/model/plan"
	"regatta/model/ref"
)

var freed = []graph.Freed{
	{Digest: digest("base"), Size: 5000}, {Digest: digest("own"), Size: 300}, {Digest: digest("raw"), Size: 20, Manifest: true},
}

func freeing() plan.Plan {
	return plan.Plan{ReclaimedBytes: 5320, Notes: []string{"a note"}, Price: cost.Price{Standard: 1e6, Currency: "USD"}}
}

const leftOver = "other repositories have 5.0 kB of it, which may be left over from deleted images"

func all(names ...string) map[ref.Digest]bool {
	out := map[ref.Digest]bool{}
	for _, n := range names {
		out[digest(n)] = true
	}
	return out
}

func TestWhatOthersHoldStaysInTheRegistry(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		elsewhere plan.Elsewhere
		estimated bool
		want      plan.InRegistry
		frees     string
		notes     string
	}{
		"nobody holds anything": {want: plan.InRegistry{ReclaimedBytes: 5320}, frees: "5.3 kB"},
		"another holds the base": {
			elsewhere: plan.Elsewhere{Held: all("base")}, want: plan.InRegistry{ReclaimedBytes: 320}, frees: "320 B",
			notes: "5.0 kB stays in the registry: other repositories hold it too",
		},
		"all is held, and not everybody told": {
			elsewhere: plan.Elsewhere{Held: all("base", "own", "raw"), Reason: "it was late"}, frees: "0 B",
			notes: "5.3 kB stays in the registry: other repositories hold it too",
		},
		"not everybody told": {
			elsewhere: plan.Elsewhere{Held: all("base"), Unsure: all("raw"), Reason: "2 repositories did not answer"},
			want:      plan.InRegistry{ReclaimedBytes: 320, AtMost: true, Reason: "2 repositories did not answer"}, frees: "≤ 320 B",
			notes: "5.0 kB stays in the registry: other repositories hold it too\n" +
				"it may be less than 320 B in the registry: 2 repositories did not answer",
		},
		"another has the base, needed or not": {
			elsewhere: plan.Elsewhere{Held: all("raw"), Had: all("raw", "base")},
			want:      plan.InRegistry{ReclaimedBytes: 300, AtLeast: true, Reason: leftOver}, frees: "≥ 300 B",
			notes: "20 B stays in the registry: other repositories hold it too\nit may be more than 300 B in the registry: " + leftOver,
		},
		"another has all of it, needed or not": {
			elsewhere: plan.Elsewhere{Had: all("base", "own", "raw")}, frees: "≥ 0 B",
			want:  plan.InRegistry{AtLeast: true, Reason: strings.Replace(leftOver, "5.0", "5.3", 1)},
			notes: "it may be more than 0 B in the registry: " + strings.Replace(leftOver, "5.0", "5.3", 1),
		},
		"it may be less, and others have some": {
			elsewhere: plan.Elsewhere{Had: all("base"), Unsure: all("raw"), Reason: "it was late"},
			want:      plan.InRegistry{ReclaimedBytes: 5320, AtMost: true, Reason: "it was late; " + leftOver}, frees: "≤ 5.3 kB",
			notes: "it may be less than 5.3 kB in the registry: it was late; " + leftOver,
		},
		"the repository was not read in full": {
			estimated: true, want: plan.InRegistry{ReclaimedBytes: 5320}, frees: "about 5.3 kB",
		},
	} {
		before := freeing()
		before.Estimated = c.estimated
		p := before.WithElsewhere(freed, c.elsewhere)
		if diff := cmp.Diff(&c.want, p.InRegistry); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if _, got := p.Frees(); got != c.frees {
			t.Errorf("%s: frees %q in the registry", name, got)
		}
		if got := strings.Join(p.Notes, "\n"); got != strings.TrimSpace("a note\n"+c.notes) || len(before.Notes) != 1 {
			t.Errorf("%s: notes %s", name, got)
		}
	}
}

// What is paid for is what the registry keeps.
func TestSavingIsOfTheRegistry(t *testing.T) {
	t.Parallel()
	p := freeing()
	alone, _ := p.Saves()
	exact, ok := p.WithElsewhere(freed, plan.Elsewhere{Held: all("base")}).Saves()
	if !ok || exact.Amount >= alone.Amount || exact.AtMost {
		t.Errorf("%v, of %v", exact, alone)
	}
	if bound, ok := p.WithElsewhere(freed, plan.Elsewhere{Unsure: all("own")}).Saves(); !ok || !bound.AtMost {
		t.Errorf("a bound saves %v", bound)
	}
	if bound, ok := p.WithElsewhere(freed, plan.Elsewhere{Had: all("base")}).Saves(); !ok || !bound.AtLeast || bound.AtMost {
		t.Errorf("a lower bound saves %v", bound)
	}
	if none, ok := p.WithElsewhere(freed, plan.Elsewhere{Held: all("base", "own", "raw")}).Saves(); ok {
		t.Errorf("what stays saves %v", none)
	}
}

// A file from before this was counted says nothing of the registry, not nothing.
func TestOldPlanFilesDoNotKnowTheRegistry(t *testing.T) {
	t.Parallel()
	old := samplePlan()
	old.InRegistry = nil
	file := encoded(t, old)
	if strings.Contains(file, "inRegistry") {
		t.Error(file)
	}
	p, err := plan.Decode([]byte(file))
	if err != nil || p.InRegistry != nil {
		t.Fatalf("%+v, %v", p.InRegistry, err)
	}
	if here, everywhere := p.Frees(); here != "about 12 B" || everywhere != "" {
		t.Errorf("frees %q, %q", here, everywhere)
	}
}

// What has a manifest of an image is known to need what that refers to, and nothing else.
func TestWhoHasAManifestNeedsItsContent(t *testing.T) {
	t.Parallel()
	a, b := img(t, "a", "base", "own"), img(t, "b", "base", "other")
	v := view(tags{"v1": a, "v2": b})
	freed := v.Graph.Freed([]ref.Digest{a.Digest, b.Digest})
	had := all("a", "base", "own", "other")
	had[a.Digest] = true
	e := plan.Elsewhere{Had: had}.Needed(v, freed)
	want := all("a", "base", "own")
	want[a.Digest] = true
	if diff := cmp.Diff(want, e.Held); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyWhatSharesIsAsked(t *testing.T) {
	t.Parallel()
	for support, want := range map[plan.Support]bool{plan.Unknown: true, plan.Yes: true, plan.No: false} {
		v := plan.View{Can: plan.Capabilities{SharesBlobs: support}}
		if v.MayShare(freeing()) != want || v.MayShare(plan.Plan{}) {
			t.Errorf("support %v", support)
		}
	}
}
