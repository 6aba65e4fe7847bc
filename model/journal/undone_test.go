package journal_test

import (
	"slices"
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
)

// What nobody carries out any more is there to be undone, and an undo that nobody
// carries out any more leaves its run for another.
func TestUndoable(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		state  journal.State
		undo   journal.State // "": none
		wanted bool
	}{
		{journal.Done, "", true},
		{journal.Partly, "", true},
		{journal.Interrupted, "", true},
		{journal.Running, "", false},
		{journal.Elsewhere, "", false},
		{journal.Done, journal.Interrupted, true},
		{journal.Done, journal.Running, false},
		{journal.Done, journal.Elsewhere, false},
		{journal.Done, journal.Done, false},
		{journal.Done, journal.Failed, true},
	} {
		r := journal.Run{State: x.state}
		if x.undo != "" {
			r = r.UndoneBy([]journal.Undoing{{ID: "u", State: x.undo}})
		}
		if r.Undoable() != x.wanted {
			t.Errorf("a run that is %s, its undo %q: undoable is %t", x.state, x.undo, r.Undoable())
		}
		if slices.Contains(r.UndoneInPart, "u") != (x.undo == journal.Interrupted) {
			t.Errorf("its undo %q: undone in part by %v", x.undo, r.UndoneInPart)
		}
	}
}

// The reasons are those that the journal refuses with.
func TestMayUndoAndResume(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		state    journal.State
		undo     journal.Undoing
		undoable string
		goesOn   bool
	}{
		{journal.Done, journal.Undoing{}, "", true},
		{journal.Running, journal.Undoing{}, "it is still running", true},
		{journal.Elsewhere, journal.Undoing{}, "it is still running", true},
		{journal.Done, journal.Undoing{ID: "u", State: journal.Done}, "run u has undone it already", false},
		{journal.Done, journal.Undoing{ID: "u", State: journal.Running}, "run u is undoing it", false},
		{journal.Done, journal.Undoing{ID: "u", State: journal.Done, Loses: true}, "", false},
		{journal.Done, journal.Undoing{ID: "u", State: journal.Interrupted}, "", false},
		{journal.Done, journal.Undoing{ID: "u", State: journal.Failed}, "", true},
		{journal.Done, journal.Undoing{ID: "u", State: journal.Partly, Idle: true}, "", true},
		{journal.Done, journal.Undoing{ID: "u", State: journal.Partly}, "", false},
		{journal.Done, journal.Undoing{ID: "u", State: journal.Interrupted, Idle: true}, "", false},
		{journal.Done, journal.Undoing{ID: "u", State: journal.Done, Undone: true}, "", true},
		{journal.Done, journal.Undoing{ID: "u", State: journal.Done, Empty: true}, "", true},
		{journal.Done, journal.Undoing{ID: "u", State: journal.Done, Loses: true, Empty: true}, "", true},
	} {
		r := journal.Run{ID: "r", State: x.state}
		if x.undo.ID != "" {
			r = r.UndoneBy([]journal.Undoing{x.undo})
		}
		err := r.MayUndo()
		if (err != nil) != (x.undoable != "") || err != nil && !strings.Contains(err.Error(), x.undoable) {
			t.Errorf("to undo %+v: %v", x, err)
		}
		if err := r.MayResume(); (err == nil) != x.goesOn || err != nil && !fault.Is(err, fault.Drift) {
			t.Errorf("to go on with %+v: %v", x, err)
		}
	}
}

// Every step is in the sum that people read, also one whose end nobody knows, and a
// run with such a step is not called done.
func TestASummaryCountsEveryStep(t *testing.T) {
	t.Parallel()
	r := journal.Run{State: journal.Interrupted, Plan: plan.Plan{Steps: make([]plan.Step, 6)}}
	for _, o := range []plan.Outcome{plan.Done, plan.Unchanged, plan.Failed, plan.Skipped, plan.Running, plan.Pending} {
		r.Steps = append(r.Steps, journal.Step{Outcome: o})
	}
	n := r.Result()
	if got := n.Summary(); got != "1 in doubt, 2 done, 1 failed, 1 skipped, 1 to come" {
		t.Errorf("the summary is %q", got)
	}
	r.State = journal.Running
	n = r.Result()
	if got := n.Summary(); got != "2 done, 1 failed, 1 skipped, 2 to come" {
		t.Errorf("while it runs the summary is %q", got)
	}
	if got := journal.StateOf(plan.Result{Done: 1, InDoubt: 1}, false); got != journal.Partly {
		t.Errorf("a run with a step in doubt is %s", got)
	}
}
