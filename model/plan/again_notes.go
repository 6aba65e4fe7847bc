package plan

import (
	"slices"
	"strings"
)

// notes are those of the plan, with what they say of the registry and of what is left
// worked out anew, where it stood.
func (a *renewed) notes() []string {
	fresh := a.freshNotes()
	var out []string
	at := -1
	for _, n := range a.plan.Notes {
		switch {
		case a.isFresh(n):
			if at < 0 {
				at = len(out)
			}
		case ofThen(n):
			out = append(out, then(n))
		default:
			out = append(out, n)
		}
	}
	fresh = slices.DeleteFunc(fresh, func(n string) bool { return slices.Contains(out, n) })
	if at < 0 {
		at = len(out)
	}
	return slices.Insert(out, at, fresh...)
}

// freshNotes are the notes that the steps have by themselves.
func (a *renewed) freshNotes() []string {
	var out []string
	add := func(notes ...string) {
		for _, n := range notes {
			if !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	for _, v := range a.views {
		own := a.in(v)
		if own.Has(Untag, UntagByDummy) && slices.ContainsFunc(own.Steps, func(s Step) bool {
			return s.removesTag() && !a.goes[Place{Repository: v.Repository, Digest: s.Digest}]
		}) {
			add(v.untried(own)...)
		}
		if own.Has(Delete) {
			add(v.deleteNotes(own)...)
		}
	}
	if sum := a.plan.Transfer(); sum > 0 && a.has(CopyBlob) {
		add(toTransfer(sum))
	}
	if a.plan.Local != "" {
		out = slices.DeleteFunc(out, func(n string) bool { return n == whileKept })
	}
	return out
}

// isFresh tells the notes that are worked out anew, here, by Foresee or by WithElsewhere.
func (a *renewed) isFresh(note string) bool {
	switch note {
	case whileKept, whenCollected, untaggedUnlisted, (View{}).untried(Plan{Steps: []Step{{Kind: UntagByDummy}}})[0]:
		return len(a.views) > 0
	}
	bound := strings.HasPrefix(note, "it may be less than ") || strings.HasPrefix(note, "it may be more than ")
	return strings.HasPrefix(note, deletesUnknown+a.plan.Registry+" deletes ") ||
		strings.HasPrefix(note, mayNotReturn) || strings.HasSuffix(note, othersHold) ||
		bound && strings.Contains(note, " in the registry: ") ||
		strings.HasPrefix(note, atMost) && strings.HasSuffix(note, transfer)
}

// ofThen tells the notes that say how something was when the plan was made.
func ofThen(note string) bool {
	for _, begin := range []string{notSeen, "checked, ", "what the run kept in "} {
		if strings.HasPrefix(note, begin) {
			return true
		}
	}
	for _, end := range []string{completes, thereAlready, failsCopy, notInSource} {
		if strings.HasSuffix(note, end) {
			return true
		}
	}
	return false
}
