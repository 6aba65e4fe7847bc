package plan

import (
	"slices"
	"time"

	"regatta/model/fault"
	"regatta/model/text"
)

// MaxListAge is how old a list of tags may be that a delete is decided by: a delete by
// digest takes along every tag that points to the manifest.
const MaxListAge = time.Second

// slowList reports whether the tags of the view took longer to list than a list holds,
// and nothing else tells which tags an image has.
func (v View) slowList() bool { return v.Listing > MaxListAge && !v.Can.TellsTags }

// refuseSlowList refuses to delete from a repository whose tags take too long to list,
// unless that was asked for.
func (v View) refuseSlowList(o Options) error {
	if o.SlowList || !v.slowList() {
		return nil
	}
	return v.refuse(SlowList, fault.Stale, v.slowListReason())
}

func (v View) slowListReason() string {
	return "the tags of " + v.object() + " take longer than " + text.Took(MaxListAge) +
		" to list: one that is set meanwhile on what is deleted would go along unseen"
}

// Relist is a plan with what is to be said of deletes from repositories whose tags take too
// long to list: its steps go by an older list then. The error is a *RefusedError where
// there is any, unless o allows that: what the plan itself says of it may have been altered.
func Relist(p Plan, o Options, views ...View) (Plan, error) {
	p.Steps = slices.Clone(p.Steps)
	p.Risks = slices.DeleteFunc(slices.Clone(p.Risks), func(r Risk) bool { return r.Kind == SlowListRisk })
	for i := range p.Steps {
		if p.Steps[i].Kind == Delete {
			p.Steps[i].Unchecked = false
		}
	}
	for _, v := range views {
		if !v.slowList() || !v.deletesIn(p) {
			continue
		}
		if err := v.refuseSlowList(o); err != nil {
			return p, err
		}
		for i, s := range p.Steps {
			if s.Kind == Delete && s.Reference.Repository == v.Repository {
				p.Steps[i].Unchecked = true
			}
		}
		p.Risks = append(p.Risks, Risk{Kind: SlowListRisk, Typed: true, Override: true, Reason: v.slowListReason()})
	}
	return p, nil
}

// Held is what is left of a run with the remark that deletes whose repositories' tags take
// too long to list are skipped, unless their run may go by an older list.
func Held(p Plan, views ...View) Plan {
	p.Risks, p.Notes = slices.Clone(p.Risks), slices.Clone(p.Notes)
	p.Risks = slices.DeleteFunc(p.Risks, func(r Risk) bool { return r.Kind == SlowListRisk })
	for _, v := range views {
		if !v.slowList() || !v.deletesIn(p) {
			continue
		}
		if p.goesByOlder(v) {
			p.Risks = append(p.Risks, Risk{Kind: SlowListRisk, Typed: true, Override: true, Reason: v.slowListReason()})
			continue
		}
		p.Notes = append(p.Notes, v.slowListReason()+"; as long as that is so, nothing is deleted there")
	}
	return p
}

func (v View) deletesIn(p Plan) bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool {
		return s.Kind == Delete && s.Reference.Repository == v.Repository
	})
}

func (p Plan) goesByOlder(v View) bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool {
		return s.Kind == Delete && s.Reference.Repository == v.Repository && s.Unchecked
	})
}
