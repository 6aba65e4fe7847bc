package plan

import (
	"cmp"
	"maps"
	"slices"

	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

// foreseen is what repositories are known to hold before a run.
type foreseen []View

// recall implements memory.
func (f foreseen) recall(d ref.Digest) (image.Manifest, string) {
	g := f.graph(d)
	m := image.Manifest{Digest: d, Kind: g.Kind(d)}
	for _, c := range g.Children(d) {
		m.Children = append(m.Children, image.Descriptor{Digest: c})
	}
	for _, b := range g.Contents(d) {
		m.Layers = append(m.Layers, image.Descriptor{Digest: b})
	}
	switch _, raw := g.Known(d); {
	case !raw:
		return m, notKept
	case m.Kind == image.KindSchema1:
		return m, isSchema
	}
	return m, ""
}

// graph is the one that knows a manifest's bytes; the first where none does.
func (f foreseen) graph(d ref.Digest) *graph.Graph {
	for _, v := range f {
		if _, raw := v.Graph.Known(d); raw {
			return v.Graph
		}
	}
	return f[0].Graph
}

// foresee says what undo will not be able to bring back once the plan is carried
// out. Nobody has asked for blobs: they are taken to be there.
func (v View) foresee(p *Plan) { *p, _ = Foresee(*p, nil, nil, v) }

// Foresee is p with what undo will not, or may not, be able to bring back once it is
// carried out, found by planning that undo. Seen and sources say of what the registry was
// asked for whether it is there, or elsewhere; ask it for what is returned, and call
// Foresee again, until there is nothing new. There has to be a view of every repository.
func Foresee(p Plan, seen Presence, sources Sources, views ...View) (Plan, []Ask) {
	ran := Ran{Plan: p, Outcomes: make([]Outcome, len(p.Steps)), Tags: map[Place][]string{}, Sources: sources}
	now := Presence{}
	for _, v := range views {
		v.presence(p, now, ran.Tags)
	}
	maps.Copy(now, seen)
	for i := range p.Steps {
		ran.Outcomes[i] = Done
	}
	u := inverse(ran, foreseen(views), now, views[0].Can, Options{}, true)
	p.Lost = u.Plan.Lost
	slices.SortFunc(p.Lost, func(a, b Lost) int { return cmp.Compare(a.Digest, b.Digest) })
	return undoAsks(p, u.Plan, views), u.Asks
}

// presence notes what is known to be there of a view's repository, and what is known not
// to be, and the tags that manifests have which get a new one.
func (v View) presence(p Plan, seen Presence, tags map[Place][]string) {
	for _, s := range p.Steps {
		if s.Reference.Repository != v.Repository {
			continue
		}
		if s.Kind == Retag && s.Expect.Digest == "" {
			tags[Place{Repository: v.Repository, Digest: s.Digest}] = v.Graph.Tags(s.Digest)
		}
		for _, d := range []ref.Digest{s.Digest, s.Expect.Digest} {
			if _, raw := v.Graph.Known(d); raw {
				seen[Place{Repository: v.Repository, Digest: d}] = true
			}
			for _, c := range v.Graph.MissingChildren(d) {
				seen[Place{Repository: v.Repository, Digest: c}] = false
			}
		}
	}
}

const mayNotReturn = "what goes may not come back: "

// Unseen is p with the remark that not everything was looked at that an undo needs.
func (p Plan) Unseen(asks []Ask, why string) Plan {
	if len(asks) == 0 {
		return p
	}
	p.Notes = append(slices.Clip(p.Notes), mayNotReturn+
		text.Plural(len(asks), "part of it was", "parts of it were")+" not looked at: "+why)
	return p
}
