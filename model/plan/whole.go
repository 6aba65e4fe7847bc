package plan

import (
	"slices"
	"strings"

	"regatta/model/fault"
	"regatta/model/ref"
)

// Broken says of manifests, by their place, what of them is not there. What it does
// not name is whole, or nobody has looked.
type Broken map[Place]string

// Wholeness is what was found out of images: those that are not whole, and, in a sentence
// each, those of which parts could not be looked at.
type Wholeness struct {
	Broken   Broken
	Unlooked map[Place]string
}

// partly ends a note of Unlooked.
const partly = "; the run looks again"

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
	noted := map[Place]bool{}
	for i, s := range p.Steps {
		at := Place{Repository: s.Reference.Repository, Digest: s.Digest}
		if said := o.Unlooked[at]; s.Kind == Retag && said != "" && !noted[at] {
			noted[at] = true
			p.Notes = append(slices.Clip(p.Notes), said+partly)
		}
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

// asksWhole reports whether the image that a step points its tag at is to be whole before
// the plan begins: nothing of the plan brings it.
func (s Step) asksWhole() bool { return s.Kind == Retag && (s.Unchecked || len(s.After) == 0) }

// Retags are the images that a plan points tags at, and that nothing of it brings.
func (p Plan) Retags() []Place {
	var out []Place
	for _, s := range p.Steps {
		if s.asksWhole() {
			out = append(out, Place{Repository: s.Reference.Repository, Digest: s.Digest})
		}
	}
	return out
}

// Rewhole is a plan of before with what is not whole now of the images that it points tags
// at. The error is a *RefusedError where there is anything, unless
// notWhole allows that: what the plan itself says of it may have been altered.
func Rewhole(p Plan, found Wholeness, notWhole bool) (Plan, error) {
	v, o := View{Registry: p.Registry, Repository: p.Repository}, Options{Wholeness: found, NotWhole: notWhole}
	for _, s := range p.Steps {
		if !s.asksWhole() {
			continue
		}
		v.Repository = s.Reference.Repository
		if err := v.refuseBroken(s.Reference.Tag, s.Digest, o); err != nil {
			return p, err
		}
	}
	p.Steps = slices.Clone(p.Steps)
	p.Risks = slices.DeleteFunc(slices.Clone(p.Risks), func(r Risk) bool { return r.Kind == NotWhole })
	p.Notes = slices.DeleteFunc(slices.Clone(p.Notes), func(n string) bool { return strings.HasSuffix(n, partly) })
	brokenRisks(&p, o)
	return p, nil
}

// word is what is typed to confirm what would be refused if it was not asked for.
const word = "override"

// Asks is what is typed to confirm the plan, "" for a plain yes. Want is the name that whoever
// shows the plan asks for, if any: it is no leave to do what would be refused without being
// asked for.
func (p Plan) Asks(want string) string {
	if want == "" || p.Overrides() {
		return p.Word()
	}
	return want
}

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
