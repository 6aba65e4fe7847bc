package run_test

import (
	"path/filepath"
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
		if _, err := w.runner.Resume(t.Context(), id, false); !fault.Is(err, fault.Drift) {
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

// An undo that was planned of a run which has gone on since would put back a part of it,
// and stand for all: it is planned anew.
func TestAnUndoOfWhatHasGoneOnIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	fill(w.registry)
	p := w.planUntag(t, "a", "two")
	path := filepath.Join(t.TempDir(), "journal.db")
	before := connect(t, host, w.registry.Transport(), path)
	id, err := before.journal.Begin(t.Context(), journal.Run{Plan: p, Title: "interrupted"})
	must(t, err)
	must(t, before.journal.Close())
	w = connect(t, host, w.registry.Transport(), path)
	seen := w.seen(t, id)
	again, err := w.runner.Resume(t.Context(), id, false)
	must(t, err)
	_, err = again.Wait()
	must(t, err)
	undo := plan.Plan{Registry: p.Registry, Repository: p.Repository, Undoes: seen.Outcomes(), Steps: []plan.Step{{
		Kind: plan.Retag, Reference: at("a"), Digest: p.Steps[0].Digest, Expect: plan.Expect{Tag: "a"},
	}}}
	if _, err := w.runner.Start(t.Context(), undo, "undo", id); !fault.Is(err, fault.Drift) {
		t.Errorf("it begins: %v", err)
	}
	other := seen
	other.Steps[0].Outcome = plan.Done // of what was interrupted, it shows otherwise now
	undo.Undoes = other.Outcomes()
	if _, err := w.runner.Start(t.Context(), undo, "undo", id); !fault.Is(err, fault.Drift) {
		t.Errorf("it begins: %v", err)
	}
	if now, err := w.journal.Run(t.Context(), id); err != nil || now.State != journal.Done || len(now.Undone)+len(now.UndoneInPart) > 0 {
		t.Errorf("%v: the run is %s, undone by %v", err, now.State, now.Undone)
	}
	undo.Undoes = []plan.Outcome{plan.Done, plan.Done}
	r, err := w.runner.Start(t.Context(), undo, "undo", id)
	must(t, err)
	result, err := r.Wait()
	must(t, err)
	allDone(t, result)
}
