package journal_test

import (
	"reflect"
	"testing"

	"regatta/model/journal"
	"regatta/model/plan"
)

func TestRestIsWhatDidNotSucceed(t *testing.T) {
	t.Parallel()
	r := journal.Run{
		Plan: plan.Plan{ReclaimedBytes: 15, Notes: []string{"n"}, Steps: []plan.Step{
			{Kind: plan.Untag, ReclaimedBytes: 1},
			{Kind: plan.Untag, ReclaimedBytes: 2, After: []int{0}},
			{Kind: plan.Delete, ReclaimedBytes: 4, After: []int{0, 1}},
			{Kind: plan.Delete, ReclaimedBytes: 8, After: []int{1, 2}},
		}},
		Steps: []journal.Step{{Outcome: plan.Done}, {Outcome: plan.Failed}, {Outcome: plan.Unchanged}, {Outcome: plan.Running}},
	}
	got := r.Rest()
	want := []plan.Step{{Kind: plan.Untag, ReclaimedBytes: 2}, {Kind: plan.Delete, ReclaimedBytes: 8, After: []int{0}}}
	if !reflect.DeepEqual(got.Steps, want) || got.ReclaimedBytes != 10 {
		t.Errorf("left are %+v, %d bytes", got.Steps, got.ReclaimedBytes)
	}
	if want := []string{"2 of 4 steps are done; these are left", "n"}; !reflect.DeepEqual(got.Notes, want) {
		t.Errorf("it notes %q", got.Notes)
	}
	if len(r.Plan.Steps) != 4 || len(r.Plan.Notes) != 1 || len(r.Plan.Steps[3].After) != 2 {
		t.Error("the run's own plan was changed")
	}
}
