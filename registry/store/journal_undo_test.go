package store

import (
	"path/filepath"
	"reflect"
	"testing"

	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
)

// begun begins a run, and ends it if it is to have a state.
func begun(t *testing.T, j *Journal, r journal.Run, s journal.State) string {
	t.Helper()
	r.Plan.Registry = host
	if r.Plan.Steps == nil {
		r.Plan.Steps = untags(1).Steps
	}
	id, err := j.Begin(t.Context(), r)
	ok(t, err)
	if s != journal.Running {
		ok(t, j.End(t.Context(), id, s))
	}
	return id
}

// Of two undos of one run the second is told that there is a first, whichever
// program it comes from.
func TestARunIsUndoneOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.db")
	here, there := openJournal(t, path), openJournal(t, path)
	id := begun(t, here, journal.Run{}, journal.Done)
	refused := func(when string) {
		t.Helper()
		for _, j := range []*Journal{here, there} {
			_, err := j.Begin(t.Context(), journal.Run{Plan: untags(1), UndoOf: id})
			if !fault.Is(err, fault.Drift) {
				t.Errorf("%s: %v", when, err)
			}
		}
	}
	failed := begun(t, here, journal.Run{UndoOf: id}, journal.Failed)
	under := begun(t, there, journal.Run{UndoOf: id}, journal.Running)
	refused("while it is being undone")
	ok(t, there.End(t.Context(), under, journal.Done))
	refused("once it is undone")
	begun(t, here, journal.Run{UndoOf: under}, journal.Done)
	again := begun(t, here, journal.Run{UndoOf: id}, journal.Done)
	refused("once it is undone again")
	r, err := here.Run(t.Context(), id)
	ok(t, err)
	if !reflect.DeepEqual(r.Undone, []string{again}) || r.Undoable() {
		t.Errorf("undone by %v, not by %s and %s", r.Undone, failed, under)
	}
}

// Only an undo that has lost nothing makes a run undone, and only one that has put back a
// manifest or a tag makes it undone in part.
func TestWhatCountsAsUndone(t *testing.T) {
	t.Parallel()
	j := openJournal(t, filepath.Join(t.TempDir(), "journal.db"))
	loses := plan.Plan{Lost: []plan.Lost{{Digest: digest(1), Reason: "it is gone"}}}
	blob := untags(1)
	blob.Steps[0].Kind = plan.CopyBlob
	blobs := plan.Plan{Steps: blob.Steps}
	for name, x := range map[string]struct {
		plan                     plan.Plan
		state                    journal.State
		step                     plan.Outcome
		undone, inPart, undoable bool
	}{
		"all of it":         {plan.Plan{}, journal.Done, plan.Done, true, false, false},
		"not all of it":     {plan.Plan{}, journal.Partly, plan.Done, false, true, true},
		"cancelled":         {plan.Plan{}, journal.Cancelled, plan.Done, false, true, true},
		"nothing cancelled": {plan.Plan{}, journal.Cancelled, plan.Skipped, false, false, true},
		"in doubt":          {plan.Plan{}, journal.Partly, plan.Running, false, true, true},
		"blobs alone":       {blobs, journal.Partly, plan.Done, false, false, true},
		"nothing of it":     {plan.Plan{}, journal.Failed, plan.Failed, false, false, true},
		"all there was":     {loses, journal.Done, plan.Done, false, true, false},
		"still under way":   {plan.Plan{}, journal.Running, plan.Running, false, false, false},
		"nobody undoes it":  {plan.Plan{}, "", "", false, false, true},
	} {
		id := begun(t, j, journal.Run{}, journal.Done)
		if x.state != "" {
			u := begun(t, j, journal.Run{Plan: x.plan, UndoOf: id}, journal.Running)
			ok(t, j.Settle(t.Context(), u, 0, x.step, ""))
			if x.state != journal.Running {
				ok(t, j.End(t.Context(), u, x.state))
			}
		}
		r, err := j.Run(t.Context(), id)
		ok(t, err)
		if len(r.Undone) > 0 != x.undone || len(r.UndoneInPart) > 0 != x.inPart || r.Undoable() != x.undoable {
			t.Errorf("%s: undone %v, in part %v, undoable %v", name, r.Undone, r.UndoneInPart, r.Undoable())
		}
	}
}

// A run without steps, as an older program wrote it down, has undone nothing, whatever it
// is said to undo.
func TestARunWithoutStepsUndoesNothing(t *testing.T) {
	t.Parallel()
	j := openJournal(t, filepath.Join(t.TempDir(), "journal.db"))
	empty := func(of string, lost ...plan.Lost) {
		id, err := j.Begin(t.Context(), journal.Run{Plan: plan.Plan{Registry: host, Lost: lost}, UndoOf: of})
		ok(t, err)
		ok(t, j.End(t.Context(), id, journal.Done))
	}
	id := begun(t, j, journal.Run{}, journal.Done)
	for _, lost := range [][]plan.Lost{nil, {{Digest: digest(1), Reason: "it is gone"}}} {
		empty(id, lost...)
		r, err := j.Run(t.Context(), id)
		ok(t, err)
		if len(r.Undone)+len(r.UndoneInPart) > 0 || !r.Undoable() {
			t.Errorf("undone %v, in part %v, undoable %v", r.Undone, r.UndoneInPart, r.Undoable())
		}
	}
	undo := begun(t, j, journal.Run{UndoOf: id}, journal.Done)
	empty(undo)
	r, err := j.Run(t.Context(), id)
	ok(t, err)
	if !reflect.DeepEqual(r.Undone, []string{undo}) {
		t.Errorf("undone by %v, and nothing has undone that", r.Undone)
	}
}
