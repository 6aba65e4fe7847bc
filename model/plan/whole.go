package plan

import (
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
