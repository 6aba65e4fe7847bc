// Package plan turns a wish to change a repository into ordered steps that say
// beforehand what they take along, what they leave and what cannot be undone,
// and turns a run back into the plan that undoes it. It is pure: it reads a
// graph and values, and does nothing. It imports the standard library and its
// siblings in model.
package plan

import (
	"slices"
	"time"

	"regatta/model/cost"
	"regatta/model/ref"
)

// Plan is a change of a registry, ready to be shown, stored and carried out.
// Steps are in an order that is safe when each runs after the ones before it;
// Step.After says what may run beside what.
type Plan struct {
	Registry   string // host, as references write it
	Repository string // the one that all steps change; empty where there are several
	Local      string // the place on this machine that images come from or go to: TRANSPORT:PATH
	CreatedAt  time.Time
	Steps      []Step
	Kept       []Kept
	// ReclaimedBytes counts once every manifest, config and layer that nothing
	// kept in the repository references, in bytes as the registry stores them.
	ReclaimedBytes int64
	Estimated      bool // ReclaimedBytes is not exact, as not everything could be read
	// InRegistry is what of it is freed in the registry as a whole. It is nil where
	// the registry keeps the content of each repository apart, where nothing is
	// freed, and where nobody asked.
	InRegistry *InRegistry
	Price      cost.Price // of the registry's storage, if it is known
	Risks      []Risk
	Lost       []Lost // what undo cannot bring back
	// Untried says that undo asks the registry to delete, which it refused before or which
	// nobody knows that it does.
	Untried bool
	Notes   []string // sentences about what happens besides
	// Undoes says of an undo how the steps of its run stood when it was planned; it is
	// not written down.
	Undoes []Outcome
}

// Kept is an image that the plan touches the surroundings of and leaves, with
// the tags it has afterwards.
type Kept struct {
	Digest ref.Digest `json:"digest"`
	Tags   []string   `json:"tags"`
	Reason string     `json:"reason"`
}

// Lost is something that cannot be undone, and why. Maybe says that it is tried, and
// that it is the registry's to take it or to refuse.
type Lost struct {
	Digest ref.Digest `json:"digest"`
	Tags   []string   `json:"tags"`
	Reason string     `json:"reason"`
	Maybe  bool       `json:"maybe,omitempty"`
}

// Loses reports whether the plan says of something that it will not come back.
func (p Plan) Loses() bool {
	return slices.ContainsFunc(p.Lost, func(l Lost) bool { return !l.Maybe })
}

// Has reports whether the plan has a step of one of the kinds.
func (p Plan) Has(kinds ...Kind) bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return slices.Contains(kinds, s.Kind) })
}

// Removes are the digests that the plan deletes, in the order of its steps.
func (p Plan) Removes() []ref.Digest {
	var out []ref.Digest
	for _, s := range p.Steps {
		if s.Kind == Delete {
			out = append(out, s.Digest)
		}
	}
	return out
}

// Saves is what the bytes that come back cost a month, those of the registry where
// it is told apart. It reports false where nothing comes back or the price is not
// known.
func (p Plan) Saves() (cost.Money, bool) {
	bytes, atMost, atLeast := p.ReclaimedBytes, p.Estimated, false
	if r := p.InRegistry; r != nil {
		bytes, atMost, atLeast = r.ReclaimedBytes, atMost || r.AtMost, r.AtLeast
	}
	if bytes <= 0 {
		return cost.Money{}, false
	}
	m, ok := p.Price.Saves(bytes, atMost)
	m.AtLeast = atLeast
	return m, ok
}

// Typed reports whether the plan is confirmed by typing the repository's name.
func (p Plan) Typed() bool {
	return slices.ContainsFunc(p.Risks, func(r Risk) bool { return r.Typed })
}

// Overrides reports whether the plan does what would be refused without being asked
// for.
func (p Plan) Overrides() bool {
	return slices.ContainsFunc(p.Risks, func(r Risk) bool { return r.Override })
}

// Transfer is how many bytes the plan moves over the wire.
func (p Plan) Transfer() int64 {
	var sum int64
	for _, s := range p.Steps {
		sum += s.Size
	}
	return sum
}

// Writes reports whether the plan changes anything in the registry.
func (p Plan) Writes() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Kind != Pull })
}

// Empty reports whether there is nothing to do.
func (p Plan) Empty() bool { return len(p.Steps) == 0 }
