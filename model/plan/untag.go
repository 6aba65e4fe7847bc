package plan

import (
	"slices"

	"regatta/model/fault"
	"regatta/model/graph"
	"regatta/model/ref"
)

// ToUntag plans to remove tags and nothing else: manifests stay, also those
// that lose their last tag, and the plan says which these are. It never
// deletes a digest.
func ToUntag(v View, tags []string, o Options) (Plan, error) {
	tags = slices.Compact(slices.Sorted(slices.Values(tags)))
	if len(tags) == 0 {
		return Plan{}, v.refuse(NothingSelected, fault.Invalid, "nothing is selected")
	}
	targets := make([]ref.Digest, len(tags))
	for i, t := range tags {
		d, err := v.resolve(t)
		if err != nil {
			return Plan{}, err
		}
		targets[i] = d
	}
	bare := v.Graph.Blast(nil, tags).Untagged
	h := v.inUse(o).untagged(tags, targets, bare)
	if err := v.permit(h, o); err != nil {
		return Plan{}, err
	}
	p := v.plan(o)
	for i, t := range tags {
		_, last := slices.BinarySearch(bare, targets[i])
		kind, err := v.untagKind(t, last)
		if err != nil {
			return Plan{}, err
		}
		p.Steps = append(p.Steps, Step{
			Kind: kind, Reference: v.tag(t), Digest: targets[i], Expect: Expect{Tag: t, Digest: targets[i]},
			Reason: untagReason(t, last && v.Graph.TagsKnown()),
		})
	}
	p.Kept = v.keptUntagged(targets, tags)
	p.Risks = o.Rules.risks(effect{
		tags: tags, bare: bare, count: len(tags), name: v.name, gaps: v.unreadTags(bare), unsure: !v.Graph.TagsKnown(),
	})
	v.recall(&p)
	p.Notes = v.untried(p)
	guard(&p, h, o)
	v.foresee(&p)
	return p, nil
}

func untagReason(tag string, last bool) string {
	reason := "asked for; the image stays" + plural(last, ", without a tag", "")
	if what := besideWhat([]string{tag}); what != "" {
		reason += "; the tag marks the " + what
	}
	return reason
}

// unreadTags are the tags that may be further tags of what seems to lose its
// last one.
func (v View) unreadTags(bare []ref.Digest) []graph.Gap {
	if len(bare) == 0 {
		return nil
	}
	return slices.DeleteFunc(v.Graph.Gaps(), func(g graph.Gap) bool { return g.Digest != "" })
}

// name names a manifest; by its digest alone where the repository was not read.
func (v View) name(d ref.Digest) string {
	if v.Graph == nil {
		return d.Short()
	}
	return name(v.Graph, d)
}

func (v View) keptUntagged(targets []ref.Digest, gone []string) []Kept {
	targets = slices.Compact(slices.Sorted(slices.Values(targets)))
	out := make([]Kept, len(targets))
	for i, d := range targets {
		left := slices.DeleteFunc(v.Graph.Tags(d), func(t string) bool {
			_, ok := slices.BinarySearch(gone, t)
			return ok
		})
		out[i] = Kept{Digest: d, Tags: left, Reason: v.afterUntag(d, left)}
	}
	return out
}

func (v View) afterUntag(d ref.Digest, left []string) string {
	parents := v.Graph.Parents(d)
	switch {
	case len(left) == 0 && !v.Graph.TagsKnown():
		return "it may become untagged: not all tags were looked at"
	case len(left) > 0:
		return "it keeps " + tagsOf(left) + plural(v.Graph.TagsKnown(), "", ", and may have more")
	case len(parents) > 0:
		return "it becomes untagged; the index " + names(v.Graph, parents) + " lists it"
	}
	return "it becomes untagged: it can be pulled by its digest only"
}

// untagKind is how a tag is removed alone. last says that it is the only tag
// left.
func (v View) untagKind(tag string, last bool) (Kind, error) {
	c := v.Can
	if c.TagDelete != No && (!last || !c.LastTagDeletes) {
		return Untag, nil
	}
	why := v.Registry + " deletes no tag alone"
	if c.TagDelete != No {
		why = v.Registry + " deletes an image with its last tag"
	}
	switch {
	case c.Mutability.Fixed(tag):
		return "", v.refuse(NoUntag, fault.Immutable, why+", and the tag is immutable, so that nothing can take its place")
	case c.ManifestDelete == No:
		return "", v.refuse(NoUntag, fault.Unsupported, why+", and no manifest either")
	case c.ManifestDelete == Unknown:
		return "", v.refuse(NoUntag, fault.Unsupported, why+", and it is not known whether it deletes manifests")
	case c.TaggedDelete == No:
		return "", v.refuse(NoUntag, fault.Unsupported, why+", and no manifest that has a tag")
	}
	return UntagByDummy, nil
}
