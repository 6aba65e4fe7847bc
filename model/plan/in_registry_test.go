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

func TestOnlyWhatSharesIsAsked(t *testing.T) {
	t.Parallel()
	for support, want := range map[plan.Support]bool{plan.Unknown: true, plan.Yes: true, plan.No: false} {
		v := plan.View{Can: plan.Capabilities{SharesBlobs: support}}
		if v.MayShare(freeing()) != want || v.MayShare(plan.Plan{}) {
			t.Errorf("support %v", support)
		}
	}
}
