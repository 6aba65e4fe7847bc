package plan

import (
	"time"

	"regatta/model/ref"
	"regatta/model/text"
)

// Outcome is how a step ended. Its text is what a run's result says.
type Outcome string

// The outcomes.
const (
	Pending   Outcome = "pending"   // not started
	Running   Outcome = "running"   // the intent is written, the outcome is not; after a crash: in doubt
	Done      Outcome = "done"      // did what it says, also a delete whose manifest an earlier step took along
	Unchanged Outcome = "unchanged" // everything was as wanted already; there is nothing to undo
	Failed    Outcome = "failed"    // the registry refused or could not be asked
	Skipped   Outcome = "skipped"   // not tried: drift, a step before it was not done, or cancelled
)

// Ended reports whether the step will not change any more.
func (o Outcome) Ended() bool { return o != Pending && o != Running }

// Succeeded reports whether steps that come after it may act.
func (o Outcome) Succeeded() bool { return o == Done || o == Unchanged }

// StepResult is how one step of a run ended. Error is a sentence, empty where
// there is none.
type StepResult struct {
	Kind      Kind       `json:"kind"`
	Reference string     `json:"reference"`
	Digest    ref.Digest `json:"digest"`
	Outcome   Outcome    `json:"outcome"`
	Error     string     `json:"error"`
}

// Result is how a run ended, as `-o json` prints it. Steps are in the order of
// the plan; Done includes those that were unchanged.
type Result struct {
	Run     string `json:"run"`
	Done    int    `json:"done"`
	Failed  int    `json:"failed"`
	Skipped int    `json:"skipped"`
	// InDoubt are the steps that were asked for, and whose end is not known: it could not
	// be looked at, or nobody is there any more to see it. Their outcome is Running.
	InDoubt int          `json:"inDoubt"`
	Steps   []StepResult `json:"steps"`
	// AlsoGone are the tags that vanished meanwhile without being in the plan.
	AlsoGone []Stray `json:"alsoGone"`
	// SlowLists say of repositories that their tags took so long to list that a tag which
	// was set meanwhile may have gone along.
	SlowLists []string `json:"slowLists,omitempty"`
}

// NewResult is the result of a run of p in which nothing has happened yet.
func NewResult(run string, p Plan) Result {
	r := Result{Run: run, Steps: make([]StepResult, len(p.Steps)), AlsoGone: []Stray{}}
	for i, s := range p.Steps {
		r.Steps[i] = StepResult{Kind: s.Kind, Reference: s.Reference.String(), Digest: s.Digest, Outcome: Pending}
	}
	return r
}

// Count sets Done, Failed and Skipped from the steps.
func (r *Result) Count() {
	r.Done, r.Failed, r.Skipped = 0, 0, 0
	for _, s := range r.Steps {
		switch s.Outcome {
		case Done, Unchanged:
			r.Done++
		case Failed:
			r.Failed++
		case Skipped:
			r.Skipped++
		case Pending, Running:
		}
	}
}

// Summary counts the steps by their outcomes, in words: all of them are in the sum. What
// is in doubt comes first, as a line may be cut.
func (r *Result) Summary() string {
	out := text.Count(r.Done) + " done, " + text.Count(r.Failed) + " failed, " + text.Count(r.Skipped) + " skipped"
	if r.InDoubt > 0 {
		out = r.doubt() + ", " + out
	}
	if left := len(r.Steps) - r.Done - r.Failed - r.Skipped - r.InDoubt; left > 0 {
		out += ", " + text.Count(left) + " to come"
	}
	return out
}

// Failures counts the steps that did not come to a good end, in words, those in doubt first.
func (r *Result) Failures() string {
	out := text.Count(r.Failed) + " failed"
	if r.Skipped > 0 {
		out += ", " + text.Count(r.Skipped) + " skipped"
	}
	if r.InDoubt > 0 {
		out = r.doubt() + ", " + out
	}
	return out
}

// Undone is what a message says of the steps that were not done, and of those in doubt;
// empty where there are none.
func (r *Result) Undone() string {
	left, of := r.Failed+r.Skipped, " of "+text.Plural(len(r.Steps), "step", "steps")
	switch {
	case left > 0 && r.InDoubt > 0:
		return text.Count(left) + of + " were not done, " + text.Count(r.InDoubt) + " are in doubt"
	case left > 0:
		return text.Count(left) + of + " were not done"
	case r.InDoubt > 0:
		return text.Count(r.InDoubt) + of + " are in doubt"
	}
	return ""
}

func (r *Result) doubt() string { return text.Count(r.InDoubt) + " in doubt" }

// Outcomes are the outcomes of the steps, as Inverse takes them.
func (r *Result) Outcomes() []Outcome {
	out := make([]Outcome, len(r.Steps))
	for i, s := range r.Steps {
		out[i] = s.Outcome
	}
	return out
}

// Progress is a snapshot of a run under way. Bytes are those that go over the
// wire, -1 where they are not known.
type Progress struct {
	Run                                     string
	Total, Running, Done, Failed, Skipped   int
	BytesDone, BytesTotal                   int64
	StepsPerSecond, BytesPerSecond          float64
	Left                                    time.Duration // until the end at this rate; 0 where it is not known
	Current                                 string        // what the newest step is doing
	Paused, Cancelling, Finished, Throttled bool
}

// Fraction is how much is through, 0 to 1, by bytes where they are known.
func (p Progress) Fraction() float64 {
	switch {
	case p.Finished:
		return 1
	case p.BytesTotal > 0:
		return min(1, float64(max(0, p.BytesDone))/float64(p.BytesTotal))
	case p.Total > 0:
		return float64(p.Done+p.Failed+p.Skipped) / float64(p.Total)
	}
	return 0
}

// Mind says what to mind of a result whose steps were done.
func (r *Result) Mind() string {
	if len(r.SlowLists) > 0 {
		return "by a list of tags that was too old"
	}
	return ""
}
