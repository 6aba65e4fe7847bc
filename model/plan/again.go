package plan

import (
	"slices"
	"strings"

	"regatta/model/ref"
)

// Again is a plan that was made some time ago, or what is left of one, with all that it says
// worked out anew from its steps and from what the repositories are now: bytes, what stays,
// what tags move off, risks and notes. What it does stays as it is: see Check and Guard for
// whether it may. What cannot be worked out again is said to be of when the plan was made.
// What a repository without a view is like is taken from the plan.
func Again(p Plan, o Options, views ...View) Plan {
	a := renewal(p, views)
	a.plan.Steps = slices.Clone(p.Steps)
	a.bytes()
	a.reasons()
	a.plan.Kept = a.stays(p.Kept)
	a.plan.Risks = a.risks(o)
	a.plan.Notes = a.notes()
	if o.Price.Known() {
		a.plan.Price = o.Price
	}
	lost := Unforeseen(p)
	if a.foresees() {
		a.plan, _ = Foresee(a.plan, nil, nil, a.views...)
	}
	a.plan.Lost = append(slices.Clip(a.plan.Lost), lost...)
	return a.plan
}

// renewed is what is known of a plan by its steps, and by the repositories as they are.
type renewed struct {
	*retag

	plan  Plan
	views []View
}

func renewal(p Plan, views []View) *renewed {
	a := &renewed{plan: p, retag: &retag{
		registry: p.Registry, views: map[string]View{}, moved: map[string]map[string]bool{}, gained: map[Place][]string{},
		goes: map[Place]bool{},
	}}
	for _, v := range views {
		if v.Registry == p.Registry && v.Graph != nil {
			a.views, a.retag.views[v.Repository] = append(a.views, v), v
		}
	}
	for _, s := range p.Steps {
		repository, at := s.Reference.Repository, Place{Repository: s.Reference.Repository, Digest: s.Digest}
		switch s.Kind {
		case Delete:
			a.goes[at] = true
		case Retag:
			a.gained[at] = append(a.gained[at], s.Reference.Tag)
			if s.Expect.Digest != "" && s.Expect.Digest != s.Digest {
				a.leaves(repository, s.Reference.Tag)
			}
		case Untag, UntagByDummy:
			a.leaves(repository, s.Reference.Tag)
		case Put, CopyBlob, Pull, LifecyclePolicy, Archive, Restore, Deploy:
		}
		for _, t := range s.Tags {
			a.leaves(repository, t)
		}
	}
	return a
}

func (a *renewed) has(kinds ...Kind) bool { return a.plan.Has(kinds...) }

// of is the view that a step is about, if there is one.
func (a *renewed) of(s Step) (View, bool) {
	v, ok := a.retag.views[s.Reference.Repository]
	return v, ok
}

// in is the plan with nothing but its steps in a repository.
func (a *renewed) in(v View) Plan {
	own := a.plan
	own.Steps = slices.DeleteFunc(slices.Clone(own.Steps), func(s Step) bool {
		return s.Reference.Repository != v.Repository
	})
	return own
}

// removes are the digests that the plan deletes in a repository, in the order of its steps.
func (a *renewed) removes(v View) []ref.Digest {
	return a.in(v).Removes()
}

// bytes counts what the deletes bring back. What is put may need some of it.
func (a *renewed) bytes() {
	a.plan.ReclaimedBytes, a.plan.Estimated, a.plan.InRegistry = 0, a.has(Delete) && a.has(Put), nil
	for _, v := range a.views {
		bytes := v.Graph.Reclaim(a.removes(v))
		next := 0
		for i := range a.plan.Steps {
			if s := &a.plan.Steps[i]; s.Kind == Delete && s.Reference.Repository == v.Repository {
				s.ReclaimedBytes = bytes[next]
				next++
			}
		}
		a.plan.Estimated = a.plan.Estimated || next > 0 && !v.Graph.Complete()
	}
	for i := range a.plan.Steps {
		s := &a.plan.Steps[i]
		if _, ok := a.of(*s); !ok && s.Kind == Delete {
			a.plan.Estimated = true // nobody has looked
		}
		a.plan.ReclaimedBytes += s.ReclaimedBytes
	}
}

// reasons say anew which tags go, what tags move off, and which image is left without one.
func (a *renewed) reasons() {
	for i := range a.plan.Steps {
		s := &a.plan.Steps[i]
		v, ok := a.of(*s)
		switch {
		case s.Kind == Delete:
			s.Reason = goingAlong(s.Reason, a.plan.along(*s))
		case !ok:
		case s.Kind == Retag && (s.Reason == isNewTag || strings.HasPrefix(s.Reason, movesFrom)):
			var e effect
			a.explain(&Plan{Steps: a.plan.Steps}, s, &e, map[ref.Reference]bool{})
		case (s.Kind == Untag || s.Kind == UntagByDummy) && strings.HasPrefix(s.Reason, untagReason("", false)):
			s.Reason = untagReason(s.Reference.Tag, len(a.left(v, s.Digest)) == 0 && v.Graph.TagsKnown())
		}
	}
}

// foresees reports whether what undo brings back can be told from the views.
func (a *renewed) foresees() bool { return Foreseeable(a.plan, a.views...) }

// Foreseeable reports whether Foresee can tell what undo will bring back: there is a view of
// every repository, and no policy, whose text before only the run sees.
func Foreseeable(p Plan, views ...View) bool {
	if len(views) == 0 || p.Has(LifecyclePolicy, Restore) {
		return false
	}
	for _, s := range p.Steps {
		if !slices.ContainsFunc(views, func(v View) bool { return v.Repository == s.Reference.Repository }) {
			return false
		}
	}
	return true
}

// Unforeseen is what a plan says will not come back that its steps do not take away: what an
// undo cannot put back, and files that are written anew. Nobody works that out again.
func Unforeseen(p Plan) []Lost {
	takes := map[ref.Digest]bool{}
	for _, s := range p.Steps {
		takes[s.Loses()] = true
	}
	var out []Lost
	for _, l := range p.Lost {
		if !takes[l.Digest] || l.Digest == "" {
			l.Reason = then(l.Reason)
			out = append(out, l)
		}
	}
	return out
}

// asOf begins what is of when the plan was made.
const asOf = "when the plan was made: "

// then is a sentence as one of when the plan was made.
func then(said string) string {
	if strings.HasPrefix(said, asOf) {
		return said
	}
	return asOf + said
}

// Unread is a plan with the remark that the tags of its repositories could not be listed, by
// the kind of error: which images have others is not known anew then.
func (p Plan) Unread(why string) Plan {
	p.Notes = append(slices.Clip(p.Notes), "the tags could not be listed ("+why+
		"): whether an image is left without one is not known, and what is said of that is of when the plan was made")
	return p
}
