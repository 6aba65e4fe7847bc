package plan

import (
	"slices"

	"regatta/model/ref"
)

// ComesBack is how much of what the plan changes an undo brings back, by what it says
// that will not.
func (p Plan) ComesBack() Verdict {
	switch {
	case p.Loses() && p.nothingReturns():
		return Gone
	case p.Loses():
		return Partial
	case p.Untried || len(p.Lost) > 0:
		return Unsure
	}
	return Possible
}

// nothingReturns reports whether all that the plan changes is what it says will not come back.
func (p Plan) nothingReturns() bool {
	all := make([]Outcome, len(p.Steps))
	for i := range all {
		all[i] = Done
	}
	e := Ran{Plan: p, Outcomes: all}.effects()
	changes, stay := 0, 0
	note := func(lost bool) {
		if changes++; lost {
			stay++
		}
	}
	for at, m := range e.moves {
		note(p.losesTag(at.tag, m.before, m.after))
	}
	for _, places := range []map[Place]bool{e.removed, e.added} {
		for at := range places {
			note(p.loses(at.Digest))
		}
	}
	for _, m := range e.policies {
		note(p.loses(m.before))
	}
	for _, d := range e.deploys {
		note(p.losesTag(d.tag.tag, d.after))
	}
	for range e.archived {
		note(false)
	}
	return changes > 0 && stay == changes
}

func (p Plan) loses(d ref.Digest) bool {
	return slices.ContainsFunc(p.Lost, func(l Lost) bool { return !l.Maybe && l.Digest == d })
}

func (p Plan) losesTag(tag string, of ...ref.Digest) bool {
	return slices.ContainsFunc(p.Lost, func(l Lost) bool {
		return !l.Maybe && slices.Contains(l.Tags, tag) && slices.Contains(of, l.Digest)
	})
}
