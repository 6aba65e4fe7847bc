package plan

import (
	"cmp"
	"slices"
	"strings"

	"regatta/model/fault"
	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

// Selection is what to delete. A digest goes with all its tags, which the plan
// names. A tag stands for its digest, and is refused unless WithTags says that
// the other tags may go along.
type Selection struct {
	Digests  []ref.Digest
	Tags     []string
	WithTags bool
	// Reasons say why what is selected goes; "asked for" where they do not.
	Reasons map[ref.Digest]string
}

// ToDelete plans to delete manifests and what only hangs on them: children
// that nothing else references, referrers, signatures and fallback tags.
func ToDelete(v View, s Selection, o Options) (Plan, error) {
	asked, err := v.selected(s)
	if err != nil {
		return Plan{}, err
	}
	b := v.Graph.Blast(asked, nil)
	if err := v.mayDelete(b); err != nil {
		return Plan{}, err
	}
	running := v.inUse(o)
	h := removal(running.deleted(b))
	if err := v.permit(h, o); err != nil {
		return Plan{}, err
	}
	p := v.plan(o)
	p.Steps = v.remove(v.doomed(b, s.Reasons))
	v.reclaim(&p)
	p.Estimated = !b.Exact
	v.keep(&p, b.Stays)
	v.foresee(&p)
	p.Risks = o.Rules.risks(deletion(v.Graph, b))
	v.recall(&p)
	p.Notes = v.deleteNotes(p)
	guard(&p, h, o)
	return Relist(p, o, v)
}

func (v View) selected(s Selection) ([]ref.Digest, error) {
	asked := slices.Clone(s.Digests)
	for _, t := range s.Tags {
		d, err := v.resolve(t)
		if err != nil {
			return nil, err
		}
		if !s.WithTags && !slices.Contains(s.Digests, d) {
			return nil, v.takesTags(t, d)
		}
		asked = append(asked, d)
	}
	if len(asked) == 0 {
		return nil, v.refuse(NothingSelected, fault.Invalid, "nothing is selected")
	}
	slices.Sort(asked)
	return slices.Compact(asked), nil
}

func (v View) takesTags(tag string, d ref.Digest) error {
	e := v.refuse(TakesTags, fault.Invalid, tag+" is a tag: deleting takes the image "+d.Short()+" with "+
		tagsOf(v.Graph.Tags(d))+"; untag removes the tag alone; name the digest or all its tags to delete the image")
	e.Tag, e.Digest = tag, d
	return e
}

func (v View) mayDelete(b graph.Blast) error {
	if len(b.Unknown) > 0 {
		e := v.refuse(UnknownDigest, fault.NotFound, "there is no manifest "+string(b.Unknown[0])+" in "+v.object())
		e.Digest = b.Unknown[0]
		return e
	}
	if v.Can.ManifestDelete == No {
		return v.refuse(NoDelete, fault.Unsupported, v.Registry+" does not delete manifests")
	}
	tagged := slices.IndexFunc(b.Falls, func(f graph.Fall) bool { return len(f.Tags) > 0 })
	if tagged >= 0 && v.Can.TaggedDelete == No && v.Can.TagDelete == No {
		e := v.refuse(NoDelete, fault.Unsupported,
			v.Registry+" deletes neither tags nor manifests that have tags, as "+name(v.Graph, b.Falls[tagged].Digest))
		e.Digest = b.Falls[tagged].Digest
		return e
	}
	if len(b.Breaks) > 0 {
		return v.breaks(b.Breaks)
	}
	if len(b.Countless) > 0 {
		d := b.Countless[0].Digest
		e := v.refuse(TooManyDescribe, fault.TooLarge, "what describes "+name(v.Graph, d)+
			" cannot be read to its end, and would be taken along or orphaned unseen: "+b.Countless[0].Reason)
		e.Digest = d
		return e
	}
	return nil
}

func (v View) breaks(all []graph.Break) error {
	child := all[0].Child
	var by []ref.Digest
	for _, b := range all {
		if b.Child == child {
			by = append(by, b.Parent)
		}
	}
	more := ""
	if n := len(all) - len(by); n > 0 {
		more = "; " + text.Plural(n, "other index", "other indexes") + " would break too"
	}
	e := v.refuse(BreaksIndex, fault.Invalid, name(v.Graph, child)+" is listed by the index "+names(v.Graph, by)+
		", which would break: delete that too, or instead"+more)
	e.Digest, e.By = child, by
	return e
}

func (v View) doomed(b graph.Blast, reasons map[ref.Digest]string) []doomed {
	out := make([]doomed, len(b.Falls))
	for i, f := range b.Falls {
		out[i] = doomed{
			digest: f.Digest, tags: f.Tags, reason: v.why(f, reasons), collateral: f.Cause != graph.Asked,
			children: v.Graph.Children(f.Digest), subjects: v.Graph.Subjects(f.Digest),
		}
		for _, t := range f.Tags {
			if c, ok := image.ParseCompanion(t); ok {
				out[i].subjects = append(out[i].subjects, c.Subject)
			}
		}
	}
	return out
}

// why is the reason of a delete in a sentence.
func (v View) why(f graph.Fall, reasons map[ref.Digest]string) string {
	of := name(v.Graph, f.Of)
	switch f.Cause {
	case graph.IsChild:
		return "child of " + of + ", which goes; nothing else references it"
	case graph.IsReferrer:
		return "refers to " + of + ", which goes"
	case graph.IsBeside:
		return besideWhat(f.Tags) + ", which goes"
	case graph.Asked:
	}
	reason, told := reasons[f.Digest]
	switch {
	case len(f.Tags) == 0 && told:
		return reason
	case len(f.Tags) == 0:
		return "asked for; it has no tags"
	}
	return cmp.Or(reason, "asked for") + goAlong(f.Tags)
}

// goAlong ends the reason of a delete that takes tags along.
func goAlong(tags []string) string {
	return "; " + tagsOf(tags) + " go" + plural(len(tags) == 1, "es", "") + " along"
}

// goingAlong is the reason of a delete with the tags that are left to go along.
func goingAlong(reason string, tags []string) string {
	at := strings.LastIndex(reason, "; the tag")
	switch {
	case at < 0 || !strings.HasSuffix(reason, " along"):
		return reason
	case len(tags) == 0:
		return reason[:at]
	}
	return reason[:at] + goAlong(tags)
}

func plural(one bool, singular, many string) string {
	if one {
		return singular
	}
	return many
}

func besideWhat(tags []string) string {
	for _, t := range tags {
		if c, ok := image.ParseCompanion(t); ok {
			return c.String()
		}
	}
	return ""
}

// reclaim shares the bytes out to the steps after which nothing references
// them.
func (v View) reclaim(p *Plan) {
	bytes := v.Graph.Reclaim(p.Removes())
	next := 0
	for i := range p.Steps {
		if p.Steps[i].Kind == Delete {
			p.Steps[i].ReclaimedBytes = bytes[next]
			p.ReclaimedBytes += bytes[next]
			next++
		}
	}
}

// whileKept is how far undo reaches where nothing is kept but manifests.
const whileKept = "undo puts manifests and tags back for as long as the registry keeps their layers"

// Notes that a plan has for as long as they are so.
const (
	whenCollected    = "the bytes come back when the registry collects its garbage"
	untaggedUnlisted = "images without tags are not listed here: one that shares layers keeps their bytes"
	deletesUnknown   = "it is not known whether "
)

func (v View) deleteNotes(p Plan) []string {
	out := []string{whileKept}
	if p.ReclaimedBytes > 0 {
		out = append(out, whenCollected)
	}
	if !v.Can.ListsUntagged {
		out = append(out, untaggedUnlisted)
	}
	return append(out, v.untried(p)...)
}
