package plan

import (
	"fmt"
	"slices"

	"regatta/model/ref"
	"regatta/model/text"
)

// Tags are what tags of repositories point to now; an empty digest is no tag. What it
// does not name was not looked at.
type Tags map[Place]map[string]ref.Digest

// Now notes what a tag points to.
func (t Tags) Now(repository, tag string, d ref.Digest) {
	at := Place{Repository: repository}
	if t[at] == nil {
		t[at] = map[string]ref.Digest{}
	}
	t[at][tag] = d
}

// Stands says which steps the run would skip, by why, as somebody else was there since:
// by what tags point to now, and by views of the repositories that something is deleted
// in. What is as a step leaves it already is none of them.
func Stands(p Plan, now Tags, views ...View) map[int]string {
	c := &check{
		plan: p, views: map[string]View{}, deletes: map[Place]bool{}, changes: map[tagAt]bool{}, kept: map[ref.Digest]bool{},
	}
	for _, v := range views {
		c.views[v.Repository] = v
	}
	c.note()
	out := map[int]string{}
	own := map[tagAt]bool{} // what tags point to once the plan has changed them
	for i, s := range p.Steps {
		why := now.against(s, own)
		for _, e := range s.Expects() {
			own[tagAt{repository: s.Reference.Repository, tag: e.Tag}] = true
		}
		if v, ok := c.views[s.Reference.Repository]; ok && s.Kind == Delete && why == "" {
			why = c.held(i, s, v)
		}
		if why != "" {
			out[i] = why
		}
	}
	return out
}

// against is why a step would not be done by its tags, but for those that the plan
// changes itself before.
func (t Tags) against(s Step, own map[tagAt]bool) string {
	for _, e := range s.Expects() {
		if own[tagAt{repository: s.Reference.Repository, tag: e.Tag}] {
			continue
		}
		d, looked := t[Place{Repository: s.Reference.Repository}][e.Tag]
		switch {
		case e.Tag == "" || !looked || d == e.Digest:
		case d == "" && s.Kind != Retag, d == s.Digest && s.Kind == Retag: // it is done already
		case d == "":
			return "the tag " + e.Tag + " is gone"
		case e.Digest == "":
			return fmt.Sprintf("the tag %s is there now, and points to %s", e.Tag, d.Short())
		default:
			return fmt.Sprintf("the tag %s points to %s now, not to %s", e.Tag, d.Short(), e.Digest.Short())
		}
	}
	return ""
}

// held is who holds the manifest of a delete, empty where nobody does.
func (c *check) held(i int, s Step, v View) string {
	c.drifts = nil
	c.surroundings(i, s, v)
	if len(c.drifts) > 0 {
		return c.drifts[0].Text
	}
	if what := c.companion(s, v); what != "" {
		return what + " describes it now"
	}
	return ""
}

// Skipping is the plan without the steps that the run would skip, and those that wait for
// them; skipped are these, with why.
func (p Plan) Skipping(why map[int]string) (left Plan, skipped map[int]string) {
	skipped = map[int]string{}
	at := map[int]int{} // where a step stands now
	left = p
	left.Steps, left.ReclaimedBytes = nil, 0
	for i, s := range p.Steps {
		reason := why[i]
		for _, b := range s.After {
			if skipped[b] != "" && reason == "" && !s.Anyway() {
				reason = skipped[b]
			}
		}
		if reason != "" {
			skipped[i] = reason
			continue
		}
		at[i] = len(left.Steps)
		var after []int
		for _, b := range s.After {
			if n, ok := at[b]; ok {
				after = append(after, n)
			}
		}
		s.After = after
		left.Steps = append(left.Steps, s)
		left.ReclaimedBytes += s.ReclaimedBytes
	}
	return left, skipped
}

// Standing is the undo as the registry stands: what somebody else has changed since stays
// as it is, by name. Of a manifest that has to stay the tags go alone, where that can be.
func (u Undo) Standing(why map[int]string, now Tags, can Capabilities) Undo {
	u.Plan = u.Plan.thereAlready(now)
	if len(why) == 0 {
		return u
	}
	was := u.Plan
	var skipped map[int]string
	u.Plan, skipped = was.Skipping(why)
	u.Plan.Lost = slices.Clip(u.Plan.Lost)
	for i, s := range was.Steps {
		reason := skipped[i]
		if reason == "" {
			continue
		}
		l := Lost{Digest: s.Digest, Tags: s.Tags, Reason: reason + ": it stays as it is"}
		if s.Reference.Tag != "" {
			l.Tags = []string{s.Reference.Tag}
		}
		if s.Kind == Delete && why[i] != "" && now.against(s, nil) == "" && !can.LastTagDeletes {
			var steps []Step
			steps, l.Tags = u.view(s, can).untags(s)
			u.Plan.Steps = append(u.Plan.Steps, steps...)
		}
		u.Plan.Lost = append(u.Plan.Lost, l)
	}
	u.Plan = View{Registry: was.Registry, Repository: was.Repository, Can: can}.retried(u.Plan, was)
	u.Verdict = Partial
	if u.Plan.Empty() {
		u.Verdict, u.Plan.Risks = Gone, nil
	}
	return u
}

func (u Undo) view(s Step, can Capabilities) View {
	return View{Registry: u.Plan.Registry, Repository: s.Reference.Repository, Can: can}
}

// untags are the steps that remove the tags of a delete, and leave its manifest; stay are
// those that the registry has no way to remove alone.
func (v View) untags(s Step) (steps []Step, stay []string) {
	for _, tag := range s.Tags {
		kind, err := v.untagKind(tag, false)
		if err != nil {
			stay = append(stay, tag)
			continue
		}
		steps = append(steps, Step{
			Kind: kind, Reference: v.tag(tag), Digest: s.Digest, Expect: Expect{Tag: tag, Digest: s.Digest},
			Reason: "the tag was not there before the run",
		})
	}
	return steps, stay
}

// Standing is what is left of a plan as the registry stands: notes name what the run will
// skip.
func (p Plan) Standing(why map[int]string) Plan {
	if len(why) == 0 {
		return p
	}
	left, skipped := p.Skipping(why)
	var said []string
	for i, s := range p.Steps {
		if skipped[i] != "" {
			said = append(said, string(s.Kind)+" "+s.Reference.String()+" will be skipped: "+skipped[i])
		}
	}
	left.Notes = append(said, p.Notes...)
	return left
}

// Unlooked is the plan with the remark that not all tags were looked at.
func (p Plan) Unlooked(tags int, why string) Plan {
	if tags > 0 {
		p.Notes = append(slices.Clip(p.Notes), text.Plural(tags, "tag was", "tags were")+" not looked at: "+why)
	}
	return p
}

// thereAlready is the plan that says of tags which they are where they go: the run may not
// have come to them, or its request may still be on its way.
func (p Plan) thereAlready(now Tags) Plan {
	p.Steps = slices.Clone(p.Steps)
	for i, s := range p.Steps {
		d, looked := now[Place{Repository: s.Reference.Repository}][s.Reference.Tag]
		if s.Kind == Retag && looked && d == s.Digest {
			p.Steps[i].Reason = "the tag is on " + d.Short() + " already: it is looked at once more"
		}
	}
	return p
}
