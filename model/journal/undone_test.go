package journal_test

import (
	"slices"
	"testing"

	"regatta/model/journal"
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
