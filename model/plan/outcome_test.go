package plan_test

import (
	"testing"

	"regatta/model/plan"
)

func TestProgressFraction(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p    plan.Progress
		want float64
	}{
		{plan.Progress{}, 0},
		{plan.Progress{Total: 4, Done: 1, Failed: 1, Skipped: 1}, 0.75},
		{plan.Progress{Total: 4, Done: 1, BytesDone: 50, BytesTotal: 100}, 0.5},
		{plan.Progress{BytesDone: -1, BytesTotal: 100}, 0},
		{plan.Progress{BytesDone: 300, BytesTotal: 100}, 1},
		{plan.Progress{Finished: true}, 1},
	} {
		if got := c.p.Fraction(); got != c.want {
			t.Errorf("%+v is at %v, want %v", c.p, got, c.want)
		}
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	for o, want := range map[plan.Outcome][2]bool{
		plan.Pending: {false, false}, plan.Running: {false, false}, plan.Done: {true, true},
		plan.Unchanged: {true, true}, plan.Failed: {true, false}, plan.Skipped: {true, false},
	} {
		if o.Ended() != want[0] || o.Succeeded() != want[1] {
			t.Errorf("%s: ended %v, succeeded %v", o, o.Ended(), o.Succeeded())
		}
	}
	r := plan.NewResult("1", samplePlan())
	if got := r.Outcomes(); len(got) != 3 || got[0] != plan.Pending {
		t.Errorf("outcomes are %v", got)
	}
}

// What a step may lose is what the journal has to hold before it acts.
func TestLoses(t *testing.T) {
	t.Parallel()
	a, b := digest("a"), digest("b")
	for _, s := range []plan.Step{
		{Kind: plan.Delete, Digest: a},
		{Kind: plan.Untag, Digest: a},
		{Kind: plan.UntagByDummy, Digest: a},
		{Kind: plan.Retag, Digest: b, Expect: plan.Expect{Tag: "v1", Digest: a}},
	} {
		if s.Loses() != a {
			t.Errorf("%s loses %q", s.Kind, s.Loses())
		}
	}
	for _, s := range []plan.Step{
		{Kind: plan.Put, Digest: a},
		{Kind: plan.Retag, Digest: a, Expect: plan.Expect{Tag: "v1", Digest: a}},
		{Kind: plan.Retag, Digest: a, Expect: plan.Expect{Tag: "v1"}},
	} {
		if s.Loses() != "" {
			t.Errorf("%s loses %q", s.Kind, s.Loses())
		}
	}
}

// A message about what was not done names what is in doubt as well.
func TestWhatWasNotDoneNamesTheDoubt(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]plan.Result{
		"635 of 800 steps were not done, 56 are in doubt": {Done: 109, Skipped: 634, Failed: 1, InDoubt: 56},
		"2 of 800 steps were not done":                    {Failed: 2},
		"3 of 800 steps are in doubt":                     {InDoubt: 3},
		"":                                                {Done: 800},
	} {
		r.Steps = make([]plan.StepResult, 800)
		if got := r.Undone(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	r := plan.Result{Failed: 1, Skipped: 2, InDoubt: 3}
	if got := r.Failures(); got != "3 in doubt, 1 failed, 2 skipped" {
		t.Error(got)
	}
}
