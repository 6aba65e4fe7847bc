package plan

import (
	"slices"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

// Drift is something that is not as the plan expects. Step counts from 0; -1
// means the plan as a whole.
type Drift struct {
	Step      int
	Reference ref.Reference
	Text      string
}

// DriftError says that the registry changed since the plan was made: the plan
// does not say any more what would happen.
type DriftError struct{ Drifts []Drift }

// Error implements error.
func (e *DriftError) Error() string {
	first := e.Drifts[0].Text
	if n := len(e.Drifts) - 1; n > 0 {
		first += ", and " + text.Plural(n, "more thing", "more things") + " changed"
	}
	return first
}

// Unwrap gives the fault's kind to fault.KindOf.
func (e *DriftError) Unwrap() error {
	return &fault.Error{Op: "apply", Object: "plan", Kind: fault.Drift, Detail: e.Error()}
}

// Check compares a plan with fresh views of all repositories that it changes.
// The views have to hold what the plan names, also where it has no tags.
// The error is a *RefusedError where the registry is another or cannot do what
// the plan wants, a *DriftError where what the plan says is not so any more.
func Check(p Plan, views ...View) error {
	c := &check{
		plan: p, views: map[string]View{}, deletes: map[Place]bool{}, changes: map[tagAt]bool{}, kept: map[ref.Digest]bool{},
	}
	for _, v := range views {
		if v.Registry == p.Registry {
			c.views[v.Repository] = v
		}
	}
	c.note()
	for i, s := range p.Steps {
		if s.Kind == LifecyclePolicy || s.Kind == Restore || s.Kind == Deploy {
			continue // a view does not show it; the step itself looks
		}
		v, ok := c.views[s.Reference.Repository]
		if !ok {
			return &RefusedError{
				Why: OtherRegistry, Kind: fault.Invalid, Object: s.Reference.Name(),
				Text: "the plan is for " + s.Reference.Name() + ", which is not what was read",
			}
		}
		if err := v.can(s); err != nil {
			return err
		}
		c.step(i, s, v)
	}
	c.gaps()
	if len(c.drifts) > 0 {
		return &DriftError{Drifts: c.drifts}
	}
	return nil
}

type check struct {
	plan    Plan
	views   map[string]View
	deletes map[Place]bool
	changes map[tagAt]bool      // tags that the plan changes
	kept    map[ref.Digest]bool // manifests that the plan names as kept
	drifts  []Drift
}

func (c *check) note() {
	for _, k := range c.plan.Kept {
		c.kept[k.Digest] = true
	}
	for _, s := range c.plan.Steps {
		r := s.Reference
		switch s.Kind {
		case Delete:
			c.deletes[Place{Repository: r.Repository, Digest: s.Digest}] = true
		case Retag, Untag, UntagByDummy:
			c.changes[tagAt{repository: r.Repository, tag: r.Tag}] = true
		case Put, CopyBlob, Pull, LifecyclePolicy, Archive, Restore, Deploy:
		}
		for _, t := range s.Tags {
			c.changes[tagAt{repository: r.Repository, tag: t}] = true
		}
	}
}

func (v View) can(s Step) error {
	switch {
	case s.Kind == Archive && !v.Can.Archives:
		return v.refuse(NoArchive, fault.Unsupported, v.Registry+" has no archive")
	case s.Kind == Delete && v.Can.ManifestDelete == No:
		return v.refuse(NoDelete, fault.Unsupported, v.Registry+" does not delete manifests")
	case s.Kind == Untag && v.Can.TagDelete == No:
		return v.refuse(NoUntag, fault.Unsupported, v.Registry+" deletes no tag alone")
	case s.Kind == UntagByDummy && v.Can.ManifestDelete != Yes:
		return v.refuse(NoUntag, fault.Unsupported, v.Registry+" is not known to delete manifests")
	}
	return nil
}

func (c *check) drift(i int, text string) {
	d := Drift{Step: i, Text: text}
	if i >= 0 {
		d.Reference = c.plan.Steps[i].Reference
	}
	c.drifts = append(c.drifts, d)
}

func (c *check) step(i int, s Step, v View) {
	for _, e := range s.Expects() {
		if why := v.differs(e); why != "" {
			c.drift(i, why)
		}
	}
	switch s.Kind {
	case Delete:
		c.surroundings(i, s, v)
		if what := c.companion(s, v); what != "" {
			c.drift(i, what+" describes "+s.Digest.Short()+" now")
		}
	case Untag:
		if v.Can.LastTagDeletes && len(v.Graph.Tags(s.Digest)) == 1 {
			c.drift(i, s.Reference.Tag+" is the last tag now: "+v.Registry+" would delete the image with it")
		}
	case Retag, UntagByDummy, Put, CopyBlob, Pull, LifecyclePolicy, Archive, Restore, Deploy:
	}
}

// differs says how an expectation is not met, empty where it is.
func (v View) differs(e Expect) string {
	if e.Tag == "" {
		if !v.Graph.Has(e.Digest) {
			return e.Digest.Short() + " is not there any more"
		}
		return ""
	}
	now, ok := v.Graph.Resolve(e.Tag)
	reason, unread := v.Graph.Unread(e.Tag)
	switch {
	case unread:
		return "it could not be read what " + e.Tag + " points to: " + reason
	case now == e.Digest:
		return ""
	case !ok:
		return e.Tag + " is not there any more"
	case e.Digest == "":
		return e.Tag + " is there now, on " + now.Short()
	}
	return e.Tag + " points to " + now.Short() + " now, not to " + e.Digest.Short()
}

// surroundings looks for what the plan did not see around a manifest that it
// deletes.
func (c *check) surroundings(i int, s Step, v View) {
	for _, t := range v.Graph.Tags(s.Digest) {
		if !slices.Contains(s.Tags, t) && !c.changes[tagAt{repository: v.Repository, tag: t}] {
			c.drift(i, s.Digest.Short()+" has the tag "+t+" now")
		}
	}
	for _, d := range v.Graph.Parents(s.Digest) {
		if !c.deletes[Place{Repository: v.Repository, Digest: d}] {
			c.drift(i, "the index "+name(v.Graph, d)+" lists "+s.Digest.Short()+" now")
		}
	}
	for _, d := range v.Graph.Referrers(s.Digest) {
		direct := slices.Contains(v.Graph.Subjects(d), s.Digest)
		if direct && !c.kept[d] && !c.deletes[Place{Repository: v.Repository, Digest: d}] {
			c.drift(i, name(v.Graph, d)+" refers to "+s.Digest.Short()+" now")
		}
	}
}

// companion names what describes a manifest that is deleted by the name of its tag alone,
// and that the plan did not see; empty where nothing does.
func (c *check) companion(s Step, v View) string {
	for _, tag := range image.CompanionTags(s.Digest) {
		d, there := v.Graph.Resolve(tag)
		known := c.kept[d] || c.deletes[Place{Repository: v.Repository, Digest: d}] ||
			c.changes[tagAt{repository: v.Repository, tag: tag}]
		if there && !known {
			companion, _ := image.ParseCompanion(tag)
			return "the " + companion.Kind() + " " + tag
		}
	}
	return ""
}

// gaps are drift where the plan deletes and was made without any.
func (c *check) gaps() {
	if len(c.deletes) == 0 || c.plan.Estimated {
		return
	}
	for _, v := range c.views {
		if gaps := v.Graph.Gaps(); len(gaps) > 0 {
			c.drift(-1, effect{gaps: gaps}.incomplete())
		}
	}
}
