// Package journal is what is written down of changes: runs of plans, how each
// step ended, and what may be done about a run now. It imports the standard
// library and its siblings plan and ref.
package journal

import (
	"cmp"
	"slices"
	"time"

	"regatta/model/plan"
	"regatta/model/ref"
)

// State is how a run stands.
type State string

// The states of a run.
const (
	Running     State = "running"     // this program carries it out
	Elsewhere   State = "elsewhere"   // another program on this machine carries it out
	Interrupted State = "interrupted" // nobody does: the program ended before the run did
	Done        State = "done"        // every step is done
	Partly      State = "partly"      // some steps are done, or may be
	Failed      State = "failed"      // no step is done
	Cancelled   State = "cancelled"   // the user stopped it
)

// Ended reports whether nothing happens any more by itself or by resuming.
func (s State) Ended() bool { return s != Running && s != Elsewhere && s != Interrupted }

// Run is a plan that was carried out, or is.
type Run struct {
	ID      string
	Title   string // what it is about, in a few words
	Plan    plan.Plan
	Started time.Time
	Ended   time.Time // zero while it is not over
	State   State
	UndoOf  string   // the run that this one undoes
	Undone  []string // the runs that have undone this one, without losing anything
	// UndoneInPart are the runs that have undone some of this one or were interrupted
	// at it, Undoing those that are under way.
	UndoneInPart, Undoing []string
	Steps                 []Step   // one for each of the plan's
	Who                   string   // USER@MACHINE, empty where that was not written down
	Remarks               []Remark // in the order in which they were made

	settled bool // an undo was carried through
}

// With is the run followed by another, as one.
func (r Run) With(next Run) Run {
	base := len(r.Plan.Steps)
	r.Plan.Steps = slices.Clone(r.Plan.Steps)
	for _, s := range next.Plan.Steps {
		after := make([]int, 0, len(s.After))
		for _, at := range s.After {
			after = append(after, base+at)
		}
		s.After = after
		r.Plan.Steps = append(r.Plan.Steps, s)
	}
	r.Steps = append(slices.Clone(r.Steps), next.Steps...)
	return r
}

// Outcomes are how the steps of the run stand, in the order of its plan.
func (r Run) Outcomes() []plan.Outcome {
	out := make([]plan.Outcome, len(r.Steps))
	for i, s := range r.Steps {
		out[i] = s.Outcome
	}
	return out
}

// Subject is what a remark is about.
type Subject string

// The subjects.
const (
	Why      Subject = "why"      // the user's note
	Checked  Subject = "checked"  // what was looked at before the change, and found
	Verified Subject = "verified" // what was looked at after it, and found
	Rollout  Subject = "rollout"  // how a deployment went
	Listed   Subject = "listed"   // a list of tags that took longer than it holds, and decided a delete
	Vanished Subject = "vanished" // a tag that vanished during the run, and that its plan did not name
)

// Remark is what was found out about a run besides its steps. Level is ok, warn
// or block of a check, and ok or failed of what was looked at after the change.
type Remark struct {
	About Subject
	Level string
	Text  string
	At    time.Time
}

// About are the remarks about a subject.
func (r Run) About(s Subject) []Remark {
	return slices.DeleteFunc(slices.Clone(r.Remarks), func(m Remark) bool { return m.About != s })
}

// Step is how one step of a run stands. Saved are the manifests that are kept
// because of it.
type Step struct {
	Outcome plan.Outcome
	Error   string
	Began   time.Time
	Ended   time.Time
	Saved   []ref.Digest
}

// Doubt is what is known of a step in doubt.
const Doubt = "whether it was done is not known"

// InDoubt reports whether a step was asked for, and nobody is there any more to see
// how it ends.
func (r Run) InDoubt(step int) bool {
	return step < len(r.Steps) && r.Steps[step].Outcome == plan.Running && r.State != Running && r.State != Elsewhere
}

// Result is the run as a result.
func (r Run) Result() plan.Result {
	out := plan.NewResult(r.ID, r.Plan)
	for i := range out.Steps {
		if i < len(r.Steps) {
			out.Steps[i].Outcome, out.Steps[i].Error = r.Steps[i].Outcome, r.Steps[i].Error
		}
		if r.InDoubt(i) {
			out.Steps[i].Error = cmp.Or(out.Steps[i].Error, Doubt)
			out.InDoubt++
		}
	}
	out.AlsoGone, out.SlowLists = r.AlsoGone(), r.SlowLists()
	out.Count()
	return out
}

// StateOf is the state of a run that ended with this result.
func StateOf(r plan.Result, cancelled bool) State {
	switch {
	case cancelled && r.Skipped+r.InDoubt > 0:
		return Cancelled
	case r.Failed+r.Skipped+r.InDoubt+len(r.AlsoGone) == 0:
		return Done
	case r.Done > 0, r.InDoubt > 0:
		return Partly
	}
	return Failed
}
