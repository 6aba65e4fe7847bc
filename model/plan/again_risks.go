package plan

import (
	"slices"

	"regatta/model/ref"
)

// Rerisk is a plan with the risks that its steps, or what is left of them, have by the
// rules and as the repositories are now. Risks that do not come from that stay; see Guard
// and Rewhole. A repository without a view tells nothing of last tags.
func Rerisk(p Plan, o Options, views ...View) Plan {
	p.Risks = renewal(p, views).risks(o)
	return p
}

func (a *renewed) risks(o Options) []Risk {
	var all []Risk
	for _, v := range a.views {
		own := a.in(v)
		own.Risks = nil
		v.recall(&own)
		all = append(all, own.Risks...)
	}
	for _, e := range []effect{a.moving(), a.storing(), a.untagging(), a.removing()} {
		all = append(all, o.Rules.risks(e)...)
	}
	all = beside(a.plan.Risks, all, o)
	var out []Risk
	for _, r := range all {
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// beside puts the risks of before that stay where they were: before those that are worked
// out anew, or after them.
func beside(was, fresh []Risk, o Options) []Risk {
	var first, last []Risk
	before := true
	for _, r := range was {
		r, stays := r.stays(o, fresh)
		switch before = before && stays; {
		case before:
			first = append(first, r)
		case stays:
			last = append(last, r)
		}
	}
	return slices.Concat(first, fresh, last)
}

// stays is a risk of before that is not worked out from steps and views, beside those that
// are; it is false of one that is.
func (r Risk) stays(o Options, fresh []Risk) (Risk, bool) {
	switch r.Kind {
	case ProdContext: // also of a plan that changes neither tags nor manifests
		known := slices.ContainsFunc(fresh, func(f Risk) bool { return f.Kind == ProdContext })
		return o.Rules.context(), !known && o.Rules.ProdContext != ""
	case Preflight:
		r.Reason = then(r.Reason)
		return r, true
	case ManyImages, Protected, LastTag, ProdTag, Incomplete, RefusedBefore:
		return r, false
	case ActsAlone, InUseRisk, Unprotected, NotWhole, SlowListRisk, Replaces:
	}
	return r, true
}

// removing is the effect of the deletes, and of the tags that go with them.
func (a *renewed) removing() effect {
	e := effect{name: a.named}
	for _, s := range a.plan.Steps {
		if s.loosens(a.plan) {
			e.tags = append(e.tags, s.Reference.Tag)
		}
		if s.Kind != Delete {
			continue
		}
		e.deletes++
		with := a.plan.along(s)
		e.tags = append(e.tags, with...)
		if !s.Collateral {
			e.tagged = append(e.tagged, with...)
		}
	}
	e.count = e.deletes
	slices.Sort(e.tags)
	slices.Sort(e.tagged)
	e.tags, e.tagged = slices.Compact(e.tags), slices.Compact(e.tagged)
	for _, v := range a.views {
		if len(a.removes(v)) > 0 {
			e.gaps = append(e.gaps, v.Graph.Gaps()...)
		}
	}
	return e
}

// along are the tags that go with a delete: its own, and those that are removed before it.
func (p Plan) along(del Step) []string {
	out := slices.Clone(del.Tags)
	for _, s := range p.Steps {
		same := s.Reference.Repository == del.Reference.Repository && s.Digest == del.Digest
		if same && s.removesTag() {
			out = append(out, s.Reference.Tag)
		}
	}
	return out
}

func (s Step) removesTag() bool { return s.Kind == Untag || s.Kind == UntagByDummy }

// untagging is the effect of tags that are removed from what stays.
func (a *renewed) untagging() effect {
	e := effect{name: a.named}
	bare := map[string][]ref.Digest{}
	for _, s := range a.plan.Steps {
		at := Place{Repository: s.Reference.Repository, Digest: s.Digest}
		if !s.removesTag() || s.loosens(a.plan) || a.goes[at] {
			continue
		}
		e.tags = append(e.tags, s.Reference.Tag)
		if v, ok := a.of(s); ok && len(a.left(v, s.Digest)) == 0 {
			e.bare = append(e.bare, s.Digest)
			e.unsure = e.unsure || !v.Graph.TagsKnown()
			bare[v.Repository] = append(bare[v.Repository], s.Digest)
		}
	}
	for _, v := range a.views {
		e.gaps = append(e.gaps, v.unreadTags(bare[v.Repository])...)
	}
	e.count = len(e.tags)
	return e
}

// moving is the effect of tags that are pointed elsewhere.
func (a *renewed) moving() effect {
	e := effect{name: ref.Digest.Short, moves: true}
	for _, s := range a.plan.Steps {
		if s.Kind != Retag {
			continue
		}
		e.count++
		e.tags = append(e.tags, s.Reference.Tag)
		old := s.Loses()
		v, ok := a.of(s)
		if ok && old != "" && !a.goes[Place{Repository: v.Repository, Digest: old}] && len(a.left(v, old)) == 0 {
			e.bare = append(e.bare, old)
			e.unsure = e.unsure || !v.Graph.TagsKnown()
		}
	}
	return e
}

// storing is the effect of images that go to the archive.
func (a *renewed) storing() effect {
	e := effect{name: a.named, moves: true}
	for _, s := range a.plan.Steps {
		if s.Kind == Archive {
			e.count++
		}
	}
	return e
}
