package plan

import (
	"slices"
	"strings"

	"regatta/model/graph"
	"regatta/model/ref"
)

// pointsThere ends the reason of an image that has its tag already.
const pointsThere = " points there already"

// stays are the images around the plan, by its steps. Where it says of an image why a rule
// keeps it, that stays said, with the tags that it has now.
func (a *renewed) stays(was []Kept) []Kept {
	var now []Kept
	for _, v := range a.views {
		now = append(now, a.beside(v)...)
	}
	now = append(now, a.losing()...)
	var out []Kept
	for _, k := range was {
		i := slices.IndexFunc(now, func(n Kept) bool { return n.Digest == k.Digest })
		tag, there := strings.CutSuffix(k.Reason, pointsThere)
		switch {
		case i >= 0 && isAround(k.Reason):
			out = append(out, now[i])
		case there:
			out = append(out, a.pointed(k, tag)...)
		case !isAround(k.Reason) || len(a.views) == 0:
			out = append(out, a.ruled(k)...)
		}
		if i >= 0 {
			now = slices.Delete(now, i, i+1)
		}
	}
	return append(out, now...)
}

// beside are the images that stay beside those that go.
func (a *renewed) beside(v View) []Kept {
	goes := a.removes(v)
	if len(goes) == 0 {
		return nil
	}
	b := v.Graph.Blast(goes, nil)
	var out []Kept
	for _, s := range b.Stays {
		k := Kept{Digest: s.Digest, Tags: s.Tags, Reason: v.holds(s)}
		for _, t := range s.Loose {
			if a.moved[v.Repository][t] {
				continue
			}
			k.Tags = append(k.Tags, t)
			k.Reason += "; its tag " + t + " stays too" + v.whyTagStays(s, t)
		}
		out = append(out, k)
	}
	for _, f := range b.Falls {
		if !a.goes[Place{Repository: v.Repository, Digest: f.Digest}] {
			out = append(out, Kept{Digest: f.Digest, Tags: f.Tags, Reason: leftAlone})
		}
	}
	slices.SortFunc(out, func(x, y Kept) int { return strings.Compare(string(x.Digest), string(y.Digest)) })
	return out
}

const leftAlone = "nothing else needs it any more, and the plan leaves it"

func (v View) whyTagStays(s graph.Stay, tag string) string {
	if _, err := v.untagKind(tag, len(s.Tags) == 0); err != nil {
		return ", as " + err.Error()
	}
	return ""
}

// losing are the images that tags leave, and that stay.
func (a *renewed) losing() []Kept {
	var out []Kept
	seen := map[Place]bool{}
	for _, s := range a.plan.Steps {
		d := s.Loses()
		at := Place{Repository: s.Reference.Repository, Digest: d}
		v, ok := a.of(s)
		tags := s.Kind == Untag || s.Kind == UntagByDummy || s.Kind == Retag
		if !ok || !tags || d == "" || s.loosens(a.plan) || a.goes[at] || seen[at] {
			continue
		}
		seen[at] = true
		left := a.left(v, d)
		out = append(out, Kept{Digest: d, Tags: left, Reason: v.afterUntag(d, left)})
	}
	return out
}

// loosens reports whether a step takes a tag off that is made from the digest of what goes.
func (s Step) loosens(p Plan) bool {
	return s.Collateral && (s.Kind == Untag || s.Kind == UntagByDummy) && p.Has(Delete)
}

// pointed is an image that had its tag when the plan was made.
func (a *renewed) pointed(k Kept, tag string) []Kept {
	for _, v := range a.views {
		if d, ok := v.Graph.Resolve(tag); ok && d == k.Digest {
			return []Kept{{Digest: d, Tags: a.left(v, d), Reason: k.Reason}}
		}
	}
	k.Reason = then(k.Reason)
	return []Kept{k}
}

// ruled is an image that a rule keeps, unless it is gone.
func (a *renewed) ruled(k Kept) []Kept {
	gone := len(a.views) > 0
	for _, v := range a.views {
		if v.Graph.Has(k.Digest) {
			k.Tags = slices.Sorted(slices.Values(a.left(v, k.Digest)))
			return []Kept{k}
		}
		gone = gone && v.Graph.Complete() && v.Can.ListsUntagged
	}
	if gone {
		return nil
	}
	k.Reason = then(k.Reason)
	return []Kept{k}
}

// isAround tells the reasons that stays works out from those of rules.
func isAround(reason string) bool {
	for _, begin := range []string{
		"it keeps ", "it becomes untagged", "it may become untagged", "it refers to ", "it could not be read: ",
		"it has the tag", "something that could not be read may reference it", "its tags are taken away, not the image",
		leftAlone,
	} {
		if strings.HasPrefix(reason, begin) {
			return true
		}
	}
	head, _, _ := strings.Cut(reason, ";")
	return strings.HasPrefix(head, "the index ") && strings.HasSuffix(head, " lists it too")
}

// named names a manifest by the view that has it.
func (a *renewed) named(d ref.Digest) string {
	for _, v := range a.views {
		if v.Graph.Has(d) {
			return v.name(d)
		}
	}
	return d.Short()
}
