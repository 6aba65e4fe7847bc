package plan

import (
	"slices"

	"regatta/model/ref"
)

// TakesAway reports whether the plan takes something from whoever runs images.
func (p Plan) TakesAway() bool { return slices.ContainsFunc(p.Steps, Step.takesAway) }

func (s Step) takesAway() bool {
	switch s.Kind {
	case Delete, Archive, Untag, UntagByDummy:
		return true
	case Retag, Put, CopyBlob, Pull, LifecyclePolicy, Restore, Deploy:
	}
	return false
}

// MovesOff reports whether the plan points tags elsewhere that there are.
func (p Plan) MovesOff() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Kind == Retag && s.Loses() != "" })
}

// Guard asks anew about a plan that was made some time ago: who runs now what it
// takes away, or moves tags off. The plan comes back with these risks in place of those it had; the
// error is a *RefusedError where it would hit somebody or may do so, unless o allows
// that.
func Guard(p Plan, o Options, views ...View) (Plan, error) {
	hit, all := &users{}, &users{}
	for _, v := range views {
		at := v.inUse(o)
		gone := p.tagsGone(v)
		for _, s := range p.Steps {
			switch {
			case s.Reference.Repository != v.Repository:
			case s.takesAway():
				at.takes(hit, s, gone)
			case s.Kind == Retag && s.Loses() != "":
				all.add(s.Loses(), at.of(s.Loses())...)
			}
		}
		if err := v.permit(harm{all: hit, hit: hit, may: p.mayHit()}, o); err != nil {
			return p, err
		}
	}
	known := func(r Risk) bool { return r.Kind == InUseRisk || r.Kind == Unprotected }
	p.Risks = slices.DeleteFunc(slices.Clone(p.Risks), known)
	p.Notes = slices.DeleteFunc(slices.Clone(p.Notes), isUnasked)
	all.add(hit.first, hit.names...)
	guard(&p, harm{all: all, hit: hit, may: p.mayHit()}, o)
	return p, nil
}

// takes adds who is hit by a step. Who runs an image by its digest, or by
// another tag, keeps it when a tag goes that is not the last.
func (i inUse) takes(hit *users, s Step, gone map[string]bool) {
	if s.Kind == Delete || s.Kind == Archive {
		hit.add(s.Digest, i.of(s.Digest)...)
		for _, t := range s.Tags {
			i.takesTag(hit, s.Digest, t)
		}
		return
	}
	i.takesTag(hit, s.Expect.Digest, s.Reference.Tag)
	stays := func(tag string) bool { return !gone[tag] }
	if !slices.ContainsFunc(i.view.Graph.Tags(s.Expect.Digest), stays) {
		hit.add(s.Expect.Digest, i.of(s.Expect.Digest)...)
	}
}

func (i inUse) takesTag(hit *users, d ref.Digest, tag string) {
	for _, u := range i.Tag(tag) {
		hit.add(d, u.String())
	}
}

// tagsGone are the tags of a view that the plan removes.
func (p Plan) tagsGone(v View) map[string]bool {
	out := map[string]bool{}
	for _, s := range p.Steps {
		if s.Reference.Repository == v.Repository && (s.Kind == Untag || s.Kind == UntagByDummy) {
			out[s.Reference.Tag] = true
		}
	}
	return out
}
