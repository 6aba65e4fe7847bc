package rollback_test

import (
	"testing"

	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/rollback"
)

// Of the runs that revert, the one under way counts before those that have, and
// what was whole before what was not.
func TestRevertedBy(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]journal.Run{
		"":  {},
		"c": {Undoing: []string{"c"}, Undone: []string{"b"}, UndoneInPart: []string{"a"}},
		"b": {Undone: []string{"a", "b"}, UndoneInPart: []string{"c"}},
		"a": {UndoneInPart: []string{"b", "a"}},
	} {
		if got := rollback.RevertedBy(r); got != want {
			t.Errorf("%+v: %q, want %q", r, got, want)
		}
	}
}

// A tag is put back once the step that does has been carried out, and no other.
func TestPutBack(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[plan.Outcome]bool{
		plan.Done: true, plan.Failed: false, plan.Skipped: false, plan.Running: false, "": false,
	} {
		r := retagged(9, digest(2), digest(1))
		r.Steps[0].Outcome = outcome
		if d, ok := rollback.PutBack(prod(), r); ok != want || ok && d != digest(1) {
			t.Errorf("%q: %s, %v", outcome, d, ok)
		}
		if _, ok := rollback.PutBack(ref.Reference{Repository: "shop/web", Tag: "prod"}, r); ok {
			t.Errorf("%q: another tag is put back", outcome)
		}
	}
}
