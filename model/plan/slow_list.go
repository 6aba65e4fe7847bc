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

// OldList says whether deletes may go by a list of tags that is older than MaxListAge.
type OldList uint8

// The answers, from the one that allows the least.
const (
	NoOldList OldList = iota
	WhereSlow         // where the list that the plan was made by took longer
	AnyAge            // wherever the run finds it so
)

// slowList reports whether the tags of the view took longer to list than a list holds,
// and nothing else tells which tags an image has.
func (v View) slowList() bool { return v.Listing > MaxListAge && !v.Can.TellsTags }

// goesByOlder reports whether deletes from the view go by a list of any age.
func (v View) goesByOlder(may OldList) bool {
	return v.slowList() && may >= WhereSlow || !v.Can.TellsTags && may == AnyAge
}

func (v View) slowListReason() string {
	gone := ": one that is set meanwhile on what is deleted would go along unseen"
	if !v.slowList() {
		return "the tags of " + v.object() + " may be listed more than " + text.Took(MaxListAge) +
			" before a delete, as asked for" + gone
	}
	return "the tags of " + v.object() + " take longer than " + text.Took(MaxListAge) + " to list" + gone
}

// Relist is a plan with what is to be said of deletes from repositories whose tags take too
// long to list: its steps go by an older list then. The error is a *RefusedError where
// there is any, unless o allows that: what the plan itself says of it may have been altered.
func Relist(p Plan, o Options, views ...View) (Plan, error) {
	p = checkedByList(p)
	for _, v := range views {
		switch {
		case !v.deletesIn(p):
		case v.goesByOlder(o.SlowList):
			v.byOlder(&p)
		case v.slowList():
			return p, v.refuse(SlowList, fault.Stale, v.slowListReason())
		}
	}
	return p, nil
}

// Held is what is left of a run, whose deletes go by an older list as its plan or may says,
// with the remark that others are skipped where the tags take too long to list.
func Held(was Plan, may OldList, views ...View) Plan {
	p := checkedByList(was)
	for _, v := range views {
		switch {
		case !v.deletesIn(p):
		case v.goesByOlder(may), v.byOlderIn(was):
			v.byOlder(&p)
		case v.slowList():
			p.Notes = append(p.Notes, v.slowListReason()+"; as long as that is so, nothing is deleted there")
		}
	}
	return p
}

// checkedByList is a plan whose deletes go by a list that is not too old.
func checkedByList(p Plan) Plan {
	p.Steps, p.Notes = slices.Clone(p.Steps), slices.Clone(p.Notes)
	p.Risks = slices.DeleteFunc(slices.Clone(p.Risks), func(r Risk) bool { return r.Kind == SlowListRisk })
	for i := range p.Steps {
		if p.Steps[i].Kind == Delete {
			p.Steps[i].Unchecked = false
		}
	}
	return p
}

// GoesByOlder reports whether deletes of the plan may go by a list that is older than
// MaxListAge.
func (p Plan) GoesByOlder() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Kind == Delete && s.Unchecked })
}

func (v View) byOlder(p *Plan) {
	for i, s := range p.Steps {
		if s.Kind == Delete && s.Reference.Repository == v.Repository {
			p.Steps[i].Unchecked = true
		}
	}
	p.Risks = append(p.Risks, Risk{Kind: SlowListRisk, Typed: true, Override: true, Reason: v.slowListReason()})
}

func (v View) deletesIn(p Plan) bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool {
		return s.Kind == Delete && s.Reference.Repository == v.Repository
	})
}

func (v View) byOlderIn(p Plan) bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool {
		return s.Kind == Delete && s.Reference.Repository == v.Repository && s.Unchecked
	})
}
