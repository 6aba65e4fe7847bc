package plan

import (
	"regatta/model/graph"
	"regatta/model/ref"
)

// keep records the manifests that stay beside those that go, and takes the
// tags from them that are made from these ones' digests.
func (v View) keep(p *Plan, stays []graph.Stay) {
	deletes := map[ref.Digest]int{}
	for i, s := range p.Steps {
		if s.Kind == Delete {
			deletes[s.Digest] = i
		}
	}
	for _, s := range stays {
		k := Kept{Digest: s.Digest, Tags: s.Tags, Reason: v.holds(s)}
		for _, t := range s.Loose {
			step, err := v.loosen(s, t, deletes[s.Of])
			if err != nil {
				k.Tags = append(k.Tags, t)
				k.Reason += "; its tag " + t + " stays too, as " + err.Error()
				continue
			}
			p.Steps = append(p.Steps, step)
		}
		p.Kept = append(p.Kept, k)
	}
}

func (v View) loosen(s graph.Stay, tag string, after int) (Step, error) {
	kind, err := v.untagKind(tag, len(s.Tags) == 0)
	return Step{
		Kind: kind, Reference: v.tag(tag), Digest: s.Digest, Expect: Expect{Tag: tag, Digest: s.Digest},
		Reason: besideWhat([]string{tag}) + ", which goes", Collateral: true, After: []int{after},
	}, err
}

func (v View) holds(s graph.Stay) string {
	switch s.Hold {
	case graph.HasParents:
		return "the index " + names(v.Graph, s.By) + " lists it too"
	case graph.HasSubject:
		return "it refers to " + names(v.Graph, s.By) + " too, which stays"
	case graph.NotRead:
		return "it could not be read: " + s.Reason
	case graph.MayBeParent:
		return "something that could not be read may reference it"
	case graph.HasTags:
	}
	if len(s.Tags) == 0 {
		return "its tags are taken away, not the image"
	}
	return "it has " + tagsOf(s.Tags)
}
