package cleanup

import (
	"slices"
	"strings"
	"time"

	"regatta/model/ref"
)

// Outcome is what becomes of an image.
type Outcome uint8

// The outcomes.
const (
	Kept     Outcome = iota
	Marked           // it gets a tag that says when it goes
	Archived         // it goes to the archive, and later for good
	Removed          // it goes, with what only it needs
)

// String is the outcome in a word.
func (o Outcome) String() string { return [...]string{"keep", "mark", "archive", "remove"}[o] }

// Verdict is what becomes of an image, and why.
type Verdict struct {
	Outcome Outcome
	Why     string
	Along   bool // it goes because another one does
}

// Reason is the verdict as a sentence.
func (v Verdict) Reason() string {
	return [...]string{"kept: ", "marked for deletion: ", "archived first: ", "removed: "}[v.Outcome] + v.Why
}

// Selection is what rules do to a stock at a time.
type Selection struct {
	Stock    *Stock
	At       time.Time
	Verdicts []Verdict // of each image of the stock
	Bytes    int64     // that come back
	Exact    bool      // Bytes is no estimate

	keep     KeepList
	marks    map[string]ref.Digest // tags to set
	unmarks  []string              // tags to take away
	archives []ref.Digest
}

// evaluation is a Selection in the making.
type evaluation struct {
	stock        *Stock
	rules        Rules
	now          time.Time
	protected    []string // lower case
	parentsKnown bool
	candidates   []candidate
	places       []place
	out          *Selection
}

// Evaluate applies rules to a stock. The order in which it was read makes no
// difference.
func (s *Stock) Evaluate(r Rules, now time.Time) *Selection {
	e := &evaluation{
		stock: s, rules: r, now: now, protected: folded(r.Protected), parentsKnown: s.graph.ParentsKnown(),
		candidates: make([]candidate, len(s.Images)), places: make([]place, len(s.Images)),
		out: &Selection{
			Stock: s, At: now, Verdicts: make([]Verdict, len(s.Images)), keep: r.Keep, marks: map[string]ref.Digest{},
		},
	}
	held := e.holds()
	for i := range s.Images {
		e.candidates[i] = e.candidate(&s.Images[i])
	}
	if r.Last != nil {
		e.rank()
	}
	var chosen []ref.Digest
	for i := range s.Images {
		d := s.Images[i].Digest
		why, ok := e.choose(i)
		if h, is := held[d]; is {
			why, ok = e.says(h), false
		}
		e.out.Verdicts[i].Why = why
		if ok {
			chosen = append(chosen, d)
		}
	}
	e.finish(chosen)
	return e.out
}

// choose tells whether an image is asked for and meets all conditions, and why
// or why not.
func (e *evaluation) choose(i int) (why string, chosen bool) {
	img, c := &e.stock.Images[i], e.candidates[i]
	if e.rules.Exceptions[img.Digest] == RemoveIt && img.unread == "" {
		return "by hand", true
	}
	if !c.ok {
		return c.why, false
	}
	var reasons []string
	if e.rules.Last != nil && img.role != orphan {
		if why, kept := e.spared(i); kept {
			return why, false
		}
		reasons = append(reasons, e.beyond(i))
	}
	for _, condition := range []func(*Image) (string, bool){e.young, e.pulled} {
		why, kept := condition(img)
		if kept {
			return why, false
		}
		reasons = append(reasons, why)
	}
	reasons = append(reasons, c.why)
	return strings.Join(slices.DeleteFunc(reasons, func(s string) bool { return s == "" }), ", "), true
}
