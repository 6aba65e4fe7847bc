package graph

import (
	"slices"

	"regatta/model/image"
	"regatta/model/ref"
)

// Companion is a tag made from a manifest's digest, and what it points to.
type Companion struct {
	image.Companion

	Tag    string
	Digest ref.Digest
}

// Resolve is what a tag points to.
func (g *Graph) Resolve(tag string) (ref.Digest, bool) {
	n, ok := g.tags[tag]
	if !ok {
		return "", false
	}
	return g.nodes[n].digest, true
}

// Unread is why it could not be read what a tag points to.
func (g *Graph) Unread(tag string) (reason string, ok bool) {
	reason, ok = g.unread[tag]
	return reason, ok
}

// Has reports whether the manifest is there: it was read, a tag points to it,
// or reading it failed in another way than by its absence.
func (g *Graph) Has(d ref.Digest) bool {
	n, ok := g.find(d)
	return ok && n.state != absent && (n.state != mentioned || len(n.tags) > 0 || len(n.parents) > 0 || n.listed)
}

// Known reports whether the manifest was read, and whether its bytes are known
// and could be put back.
func (g *Graph) Known(d ref.Digest) (read, raw bool) {
	n, ok := g.find(d)
	return ok && n.state == known, ok && n.raw
}

// Kind is what the manifest describes; KindUnknown where it was not read.
func (g *Graph) Kind(d ref.Digest) image.Kind {
	if n, ok := g.find(d); ok {
		return n.kind
	}
	return image.KindUnknown
}

// Tags are the tags of a digest, sorted.
func (g *Graph) Tags(d ref.Digest) []string {
	n, ok := g.find(d)
	if !ok {
		return nil
	}
	return n.sorted()
}

// Parents are the indexes that list d, sorted.
func (g *Graph) Parents(d ref.Digest) []ref.Digest {
	n, ok := g.find(d)
	if !ok {
		return nil
	}
	return g.digests(n.parents)
}

// Children are the manifests that the index d lists, in its order.
func (g *Graph) Children(d ref.Digest) []ref.Digest {
	n, ok := g.find(d)
	if !ok {
		return nil
	}
	out := make([]ref.Digest, len(n.children))
	for i, c := range n.children {
		out[i] = g.nodes[c].digest
	}
	return out
}

// Contents are the configs and layers of d that the registry holds.
func (g *Graph) Contents(d ref.Digest) []ref.Digest {
	n, ok := g.find(d)
	if !ok {
		return nil
	}
	var out []ref.Digest
	for _, b := range n.blobs {
		if g.blobs[b].local {
			out = append(out, g.blobs[b].digest)
		}
	}
	return out
}

// Subjects are the manifests that d refers to: one where it says so itself,
// more where the registry says so too.
func (g *Graph) Subjects(d ref.Digest) []ref.Digest {
	n, ok := g.find(d)
	if !ok {
		return nil
	}
	return g.digests(n.subjects)
}

// Referrers are the manifests whose subject is d, and those whose subject these
// are, and so on, sorted.
func (g *Graph) Referrers(d ref.Digest) []ref.Digest {
	start, ok := g.byDigest[d]
	if !ok {
		return nil
	}
	seen := map[id]bool{start: true}
	var found []id
	for queue := []id{start}; len(queue) > 0; queue = queue[1:] {
		for _, r := range g.nodes[queue[0]].referrers {
			if !seen[r] {
				seen[r] = true
				found = append(found, r)
				queue = append(queue, r)
			}
		}
	}
	return g.digests(found)
}

// Companions are the tags made from d that are there, sorted by tag.
func (g *Graph) Companions(d ref.Digest) []Companion {
	n, ok := g.find(d)
	if !ok {
		return nil
	}
	var out []Companion
	for _, t := range slices.Sorted(slices.Values(n.companions)) {
		c, _ := image.ParseCompanion(t)
		out = append(out, Companion{Companion: c, Tag: t, Digest: g.nodes[g.tags[t]].digest})
	}
	return out
}

// Reachable are the manifests that a pull by tag may ask for, or that describe
// one of those: what tags point to, their children, and referrers of both.
func (g *Graph) Reachable() map[ref.Digest]bool {
	queue := make([]id, 0, len(g.tags))
	for _, n := range g.tags {
		queue = append(queue, n)
	}
	reached := make(map[ref.Digest]bool, len(g.nodes))
	for len(queue) > 0 {
		at := &g.nodes[queue[len(queue)-1]]
		queue = queue[:len(queue)-1]
		if reached[at.digest] {
			continue
		}
		reached[at.digest] = true
		queue = append(append(queue, at.children...), at.referrers...)
	}
	return reached
}

// Manifests are the digests of all manifests that were read, sorted.
func (g *Graph) Manifests() []ref.Digest {
	out := make([]ref.Digest, 0, len(g.nodes))
	for i := range g.nodes {
		if g.nodes[i].state == known {
			out = append(out, g.nodes[i].digest)
		}
	}
	slices.Sort(out)
	return out
}
