package plan

import (
	"slices"

	"regatta/model/fault"
	"regatta/model/ref"
)

// Broken says of manifests, by their place, what of them is not there. What it does
// not name is whole, or nobody has looked.
type Broken map[Place]string

// refuseBroken refuses to point a tag at an image that cannot be pulled, unless that
// was asked for.
func (v View) refuseBroken(tag string, d ref.Digest, o Options) error {
	why := o.Broken[Place{Repository: v.Repository, Digest: d}]
	if why == "" || o.NotWhole {
		return nil
	}
	e := v.refuse(IncompleteImage, fault.Incomplete, tag+" would point to "+d.Short()+", which is not whole: "+why)
	e.Tag, e.Digest = tag, d
	return e
}

// brokenRisks name the images that are not whole and get a tag nevertheless, and
// have the run not look at them again.
func brokenRisks(p *Plan, o Options) {
	for i, s := range p.Steps {
		why := o.Broken[Place{Repository: s.Reference.Repository, Digest: s.Digest}]
		if s.Kind != Retag || why == "" {
			continue
		}
		p.Steps[i].Unchecked = true
		p.Risks = append(p.Risks, Risk{
			Kind: NotWhole, Typed: true, Override: true,
			Reason: s.Reference.Tag + " will point to " + s.Digest.Short() + ", which is not whole: " + why,
		})
	}
}

// Rewhole is a plan of before with what is not whole now of the images that it points tags
// at without looking. The error is a *RefusedError where there is anything, unless
// notWhole allows that: what the plan itself says of it may have been altered.
func Rewhole(p Plan, broken Broken, notWhole bool) (Plan, error) {
	v, o := View{Registry: p.Registry, Repository: p.Repository}, Options{Broken: broken, NotWhole: notWhole}
	for _, s := range p.Steps {
		if s.Kind != Retag || !s.Unchecked {
			continue
		}
		v.Repository = s.Reference.Repository
		if err := v.refuseBroken(s.Reference.Tag, s.Digest, o); err != nil {
			return p, err
		}
	}
	p.Steps = slices.Clone(p.Steps)
	p.Risks = slices.DeleteFunc(slices.Clone(p.Risks), func(r Risk) bool { return r.Kind == NotWhole })
	brokenRisks(&p, o)
	return p, nil
}

// word is what is typed to confirm what would be refused if it was not asked for.
const word = "override"

// Word is what is typed to confirm the plan: what is at stake, or a word of its own
// where the plan does what would be refused if it was not asked for; empty where a
// plain yes will do.
func (p Plan) Word() string {
	switch {
	case p.Overrides():
		return word
	case !p.Typed():
		return ""
	case p.Repository == "":
		return p.Registry
	}
	return p.Repository
}
