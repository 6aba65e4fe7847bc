package plan

import (
	"slices"
	"strings"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/text"
	"regatta/model/usage"
)

// harm is what a plan does to who runs images.
type harm struct {
	all *users // are touched by it
	hit *users // would get nothing any more
	may bool   // it takes away what others may run who are not known
}

// removal is the harm of a plan that takes images away.
func removal(hit *users) harm { return harm{all: hit, hit: hit, may: true} }

// permit is the rule of protection: what takes away what runs, or may run where a
// source did not answer in full, is refused unless it was asked for.
func (v View) permit(h harm, o Options) error {
	switch failed := o.Uses.Incomplete(); {
	case o.InUse:
		return nil
	case len(h.hit.names) > 0:
		return v.refuseUse(h.hit)
	case h.may && len(failed) > 0:
		return v.refuse(NotProtected, fault.Unprotected, "what runs the images of "+v.object()+" is "+unknownUse(failed))
	}
	return nil
}

func (v View) refuseUse(hit *users) error {
	e := v.refuse(InUse, fault.InUse, v.name(hit.first)+" is in use: "+hit.list())
	e.Digest = hit.first
	return e
}

// risks are the reasons to be careful that come from who runs the images: who is
// touched, and which sources did not tell. What permit would refuse is confirmed
// by a word of its own.
func (h harm) risks(o Options) []Risk {
	var out []Risk
	if len(h.all.names) > 0 {
		out = append(out, Risk{
			Kind: InUseRisk, Typed: true, Override: len(h.hit.names) > 0, Reason: "in use: " + h.all.list(),
		})
	}
	if failed := o.Uses.Incomplete(); len(failed) > 0 {
		out = append(out, Risk{
			Kind: Unprotected, Typed: h.may, Override: h.may, Reason: "what runs here is " + unknownUse(failed),
		})
	}
	return out
}

func unknownUse(failed []string) string {
	return "not fully known: " + text.Plural(len(failed), "usage source", "usage sources") +
		" did not answer in full: " + list(failed)
}

// guard says in the plan whom it touches, before everything else, and who was not
// asked.
func guard(p *Plan, h harm, o Options) {
	p.Risks = append(h.risks(o), p.Risks...)
	noteUnasked(p, o)
}

// noteUnasked notes who was not asked what runs, where the plan takes something away.
func noteUnasked(p *Plan, o Options) {
	for _, n := range unaskedNotes(o.Uses) {
		if p.TakesAway() && !slices.Contains(p.Notes, n) {
			p.Notes = append(p.Notes, n)
		}
	}
}

const (
	nobodyAsked = "no usage source is configured: what runs here is unknown"
	notAsked    = " was not asked what it runs: add its regions under usage in the config"
)

func unaskedNotes(u usage.Set) []string {
	if len(u.Answers) == 0 {
		return []string{nobodyAsked}
	}
	var out []string
	for _, s := range u.Unasked {
		out = append(out, s.Title()+notAsked)
	}
	return out
}

// isUnasked tells such a note in a plan from before.
func isUnasked(note string) bool { return note == nobodyAsked || strings.HasSuffix(note, notAsked) }

// mayHit reports whether somebody may run what an untag takes away, though nobody is
// known who does: no workload names the tag of a signature or an SBOM.
func (s Step) mayHit() bool {
	_, companion := image.ParseCompanion(s.Reference.Tag)
	return s.takesAway() && (s.Kind == Delete || s.Kind == Archive || !companion)
}

func (p Plan) mayHit() bool { return slices.ContainsFunc(p.Steps, Step.mayHit) }
