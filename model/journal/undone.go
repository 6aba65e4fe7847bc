package journal

import (
	"slices"

	"regatta/model/fault"
	"regatta/model/plan"
)

// Undoing is a run that undoes another, or was to.
type Undoing struct {
	ID    string
	State State
	// Loses says that its plan could not bring back everything.
	Loses bool
	// Undone says that it was undone itself.
	Undone bool
	// Idle says that none of its steps that put back manifests or tags, or take away what
	// the run had put there, was done, or may have been: blobs alone are no effect.
	Idle bool
	// Empty says that it had no steps: whatever it is called, it has undone nothing.
	Empty bool
}

// whole reports whether nothing is left of what it undoes.
func (u Undoing) whole() bool { return u.State == Done && !u.Loses && !u.Undone }

// without reports whether it has ended without an effect.
func (u Undoing) without() bool {
	return u.State == Failed || u.Empty || u.Idle && u.State.Ended() && u.State != Done
}

// UndoneBy is the run with what those that undo it, or were to, mean for it.
func (r Run) UndoneBy(all []Undoing) Run {
	r.Undone, r.UndoneInPart, r.Undoing = nil, nil, nil
	for _, u := range all {
		switch {
		case u.Undone || u.without():
		case u.whole():
			r.Undone = append(r.Undone, u.ID)
		case u.State.Ended(), u.State == Interrupted:
			r.UndoneInPart = append(r.UndoneInPart, u.ID)
		default:
			r.Undoing = append(r.Undoing, u.ID)
		}
	}
	r.settled = false
	for _, u := range all {
		r.settled = r.settled || u.State == Done && !u.Undone && !u.Empty
	}
	return r
}

// Undoable reports whether there is something that an undo of the run could still
// do: nobody carries it out any more, it is no undo itself, and none was carried
// through, even if that one has lost something.
func (r Run) Undoable() bool {
	return r.UndoOf == "" && (r.State.Ended() || r.State == Interrupted) && !r.settled && len(r.Undone)+len(r.Undoing) == 0
}

// NotUndone is why MayUndo refuses, "" where it does not.
func (r Run) NotUndone() string {
	switch {
	case r.State == Running, r.State == Elsewhere:
		return "it is still running"
	case len(r.Undoing) > 0:
		return "run " + r.Undoing[0] + " is undoing it"
	case len(r.Undone) > 0:
		return "run " + r.Undone[0] + " has undone it already"
	}
	return ""
}

// MayUndo refuses to undo what is still carried out, what an undo has put back already,
// and what one is putting back.
func (r Run) MayUndo() error {
	why := r.NotUndone()
	if why == "" {
		return nil
	}
	return &fault.Error{
		Op: "undo run", Object: r.ID, Kind: fault.Drift, Detail: why,
		Advice: "`regatta journal` lists the runs, and what was undone",
	}
}

// NotResumed is why MayResume refuses, "" where it does not.
func (r Run) NotResumed() string {
	if by := slices.Concat(r.Undoing, r.Undone, r.UndoneInPart); len(by) > 0 {
		return "run " + by[0] + " undoes it, or did"
	}
	return ""
}

// MayResume refuses to go on with what was undone, or is being undone: what came now
// would be covered by that undo, which knows nothing of it.
func (r Run) MayResume() error {
	why := r.NotResumed()
	if why == "" {
		return nil
	}
	return &fault.Error{
		Op: "go on with run", Object: r.ID, Kind: fault.Drift, Detail: why,
		Advice: "plan what is left anew",
	}
}

// Changed reports whether the run has changed anything, as far as is known.
func (r Run) Changed() bool {
	return plan.Ran{Plan: r.Plan, Outcomes: r.Outcomes()}.Changed()
}
