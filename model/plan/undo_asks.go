package plan

import (
	"slices"
	"strings"
)

// What undo asks of a registry is said in the plan before: what it refused, and what nobody
// knows that it does.
const (
	undoDeletes = "undo asks to delete "
	undoLeaves  = "undo leaves what this adds if it does not"
)

// undoAsks is a plan with what its undo asks of the registry that this refused before, or
// that nobody knows it does.
func undoAsks(p, undo Plan, views []View) Plan {
	p.Untried = false
	p.Risks = slices.DeleteFunc(slices.Clone(p.Risks), func(r Risk) bool {
		return r.Kind == RefusedBefore && strings.HasPrefix(r.Reason, undoDeletes)
	})
	p.Notes = slices.DeleteFunc(slices.Clone(p.Notes), func(n string) bool { return strings.HasSuffix(n, undoLeaves) })
	var refused []Risk
	for _, v := range views {
		asked := undo
		asked.Steps = slices.DeleteFunc(slices.Clone(undo.Steps), func(s Step) bool {
			return s.Reference.Repository != v.Repository
		})
		risks, notes := v.undoAsks(asked)
		refused = append(refused, risks...)
		for _, n := range notes {
			if !slices.Contains(p.Notes, n) { // all views are of one registry
				p.Notes = append(p.Notes, n)
			}
		}
		p.Untried = p.Untried || len(risks)+len(notes) > 0
	}
	p.Risks = slices.Concat(refused, p.Risks)
	return p
}

func (v View) undoAsks(undo Plan) (refused []Risk, unknown []string) {
	for _, one := range []struct {
		what   string
		can    Support
		before Refusal
		asks   bool
	}{
		{"manifests", v.Can.ManifestDelete, v.Can.ManifestRefused, undo.Has(Delete, UntagByDummy)},
		{"tags", v.Can.TagDelete, v.Can.TagRefused, undo.Has(Untag) && !v.Can.dummies()},
	} {
		switch {
		case !one.asks || one.can == Yes:
		case one.before.Known():
			said := undoDeletes + one.what + " of " + v.Repository + ", which " + v.Registry + " refused on " + one.before.said()
			if one.what == "tags" && v.Can.ManifestDelete == Unknown {
				said += v.otherwise()
			}
			refused = append(refused, Risk{Kind: RefusedBefore, Reason: said})
		case one.can == Unknown:
			unknown = append(unknown, deletesUnknown+v.Registry+" deletes "+one.what+": "+undoLeaves)
		}
	}
	return refused, unknown
}

// dummies reports whether a tag can be removed with a dummy that takes its place, whatever
// the registry says to the tag alone.
func (c Capabilities) dummies() bool {
	return c.ManifestDelete == Yes && c.TaggedDelete != No && !c.Mutability.Immutable && !c.LastTagDeletes
}
