package run_test

import (
	"testing"

	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/registry/sandbox"
)

// What was undone, or is to be, is not gone on with: the undo would cover steps that it
// knows nothing of.
func TestWhatWasUndoneIsNotResumed(t *testing.T) {
	t.Parallel()
	for _, how := range []journal.State{journal.Done, journal.Partly, journal.Running} {
		w := newWorld(t, sandbox.Options{})
		fill(w.registry)
		p := w.planUntag(t, "a", "two")
		id, err := w.journal.Begin(t.Context(), journal.Run{Plan: p, Title: "half of it"})
		must(t, err)
		must(t, w.journal.Settle(t.Context(), id, 0, plan.Skipped, "cancelled"))
		must(t, w.journal.End(t.Context(), id, journal.Cancelled))
		undo, err := w.journal.Begin(t.Context(), journal.Run{Plan: p, UndoOf: id})
		must(t, err)
		must(t, w.journal.Settle(t.Context(), undo, 0, plan.Done, ""))
		if how.Ended() {
			must(t, w.journal.End(t.Context(), undo, how))
		}
		if _, err := w.runner.Resume(t.Context(), id); !fault.Is(err, fault.Drift) {
			t.Errorf("its undo is %s, and it goes on: %v", how, err)
		}
		if now, err := w.journal.Run(t.Context(), id); err != nil || now.State != journal.Cancelled {
			t.Errorf("its undo is %s: the run is %s, %v", how, now.State, err)
		}
		for _, tag := range []string{"a", "two"} {
			if _, there := w.registry.Resolve(repo, tag); !there {
				t.Errorf("its undo is %s: %s is gone", how, tag)
			}
		}
	}
}

// What is carried out is not undone meanwhile, whoever began it.
func TestWhatRunsIsNotUndone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	fill(w.registry)
	id, err := w.journal.Begin(t.Context(), journal.Run{Plan: w.planUntag(t, "a"), Title: "under way"})
	must(t, err)
	if _, err := w.journal.Begin(t.Context(), journal.Run{Plan: w.planUntag(t, "a"), UndoOf: id}); !fault.Is(err, fault.Drift) {
		t.Errorf("its undo begins: %v", err)
	}
}
