package plan

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"regatta/model/graph"
	"regatta/model/ref"
	"regatta/model/text"
)

// effect is what the rules judge.
type effect struct {
	tags    []string     // that change or go
	bare    []ref.Digest // that lose their last tag and stay
	deletes int          // manifests
	tagged  []string     // tags that go with their manifest
	count   int          // of images deleted or tags changed
	gaps    []graph.Gap
	unsure  bool // those in bare may have more tags
	moves   bool // tags are pointed elsewhere, nothing goes
	name    func(ref.Digest) string
}

func deletion(g *graph.Graph, b graph.Blast) effect {
	e := effect{
		deletes: len(b.Falls), count: len(b.Falls), gaps: g.Gaps(),
		name: func(d ref.Digest) string { return name(g, d) },
	}
	for _, f := range b.Falls {
		e.tags = append(e.tags, f.Tags...)
		if f.Cause == graph.Asked {
			e.tagged = append(e.tagged, f.Tags...)
		}
	}
	for _, s := range b.Stays {
		e.tags = append(e.tags, s.Loose...)
	}
	slices.Sort(e.tags)
	slices.Sort(e.tagged)
	return e
}

// risks are the sentences that a plan with this effect is confirmed by.
func (r Rules) risks(e effect) []Risk {
	if e.count == 0 {
		return nil
	}
	var out []Risk
	add := func(kind RiskKind, typed bool, reason string) {
		out = append(out, Risk{Kind: kind, Typed: typed, Reason: reason})
	}
	if r.ProdContext != "" {
		out = append(out, r.context())
	}
	if hit := matching(r.Protected, e.tags); len(hit) > 0 {
		add(Protected, true, "protected: "+list(hit))
	}
	if hit := matching(r.ProdTags, e.tags); len(hit) > 0 {
		add(ProdTag, true, "people may deploy from "+list(hit))
	}
	if r.ManyImages > 0 && e.count >= r.ManyImages {
		add(ManyImages, true, e.amount())
	}
	if len(e.tagged) > 0 {
		add(LastTag, true, "the images go with "+tagsOf(e.tagged))
	}
	if len(e.bare) > 0 {
		add(LastTag, !e.moves, e.untagged())
	}
	if len(e.gaps) > 0 {
		add(Incomplete, true, e.incomplete())
	}
	return out
}

func (r Rules) context() Risk {
	return Risk{Kind: ProdContext, Typed: true, Reason: r.ProdContext + " is marked as production"}
}

func (e effect) amount() string {
	if e.deletes > 0 {
		return text.Plural(e.deletes, "manifest is", "manifests are") + " deleted"
	}
	return text.Plural(e.count, "tag changes", "tags change")
}

func (e effect) untagged() string {
	bare := slices.Compact(slices.Sorted(slices.Values(e.bare)))
	which := make([]string, len(bare))
	for i, d := range bare {
		which[i] = e.name(d)
	}
	loses := plural(len(bare) == 1, " loses its", " lose their")
	if e.unsure {
		loses = plural(len(bare) == 1, " may lose its", " may lose their")
	}
	return list(which) + loses + " last tag: the registry's own clean-up may remove what has none"
}

func (e effect) incomplete() string {
	first := e.gaps[0]
	what := cmp.Or(first.Tag, first.Digest.Short(), "the rest")
	return text.Plural(len(e.gaps), "thing was", "things were") + " not read, so that not everything is known: " +
		what + ": " + first.Reason
}

// matching are the names that a pattern fits, upper and lower case alike, each
// once: several repositories may have a tag of that name.
func matching(patterns, tags []string) []string {
	var out []string
	for _, t := range tags {
		low := strings.ToLower(t)
		fits := func(p string) bool {
			p = strings.ToLower(p)
			ok, err := path.Match(p, low)
			return ok || err != nil && p == low
		}
		if slices.ContainsFunc(patterns, fits) && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}
