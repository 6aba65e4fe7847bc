package kit

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/plan"
)

// Shown tells a screen that it is on top again.
type Shown struct{}

// Unwinder is a screen that has levels of its own: esc takes back its filter or
// its marks before it leaves the screen.
type Unwinder interface {
	Unwind() (done bool, cmd tea.Cmd)
}

// Badged is a screen that knows what it belongs to: a context's name, colour and
// state, drawn at the right of the header.
type Badged interface{ Badges() []Span }

// NoPolicies is why it cannot be told who may use a repository.
const NoPolicies = "this registry does not say who may use it"

// Hosted is a screen of a registry.
type Hosted interface{ Host() string }

// Gauge is what goes on below the screens.
type Gauge struct {
	InFlight int           // requests under way
	Waiting  time.Duration // until the registry may be asked again; 0 if it may
	Host     string        // the host that is waited for
	Budget   string        // what is left of a pull budget: "87/100 reads"
	Notice   string        // what works less well than it should, in two words: "no store"
	Reason   string        // why, said once
	Warnings []string      // what registries warned of, each said once
	Runs     []RunGauge    // the changes of this session

	Unfinished string // about changes that a program before this one left, said once
}

// RunGauge is how a change of this session goes.
type RunGauge struct {
	ID       string
	Title    string
	Fraction float64 // 0 to 1
	Ended    bool
	Undoes   bool // it undid another one: the key that undoes the newest change is not for it
	// ComesBack is how much of it an undo brings back, as its plan has said.
	ComesBack plan.Verdict
	Mind      string // what to mind of how it went, once it has ended
	Undone    string // of the steps that were not done or are in doubt, once it has ended; "" if there are none
}

// Refresh tells every screen that something was changed: what it shows may not
// be so any more.
type Refresh struct{}

// Failed is an error that happened in this session.
type Failed struct {
	At  time.Time
	Err error
}

// Candidate is something that the palette can open.
type Candidate struct {
	Title  string // what is opened
	Detail string // what it is
	Intent func() Intent
}
