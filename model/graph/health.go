package graph

import (
	"slices"

	"regatta/model/image"
	"regatta/model/ref"
)

// Gone reports whether the registry says that there is no manifest d. One that
// nobody has looked for is not gone.
func (g *Graph) Gone(d ref.Digest) bool {
	n, ok := g.find(d)
	return ok && n.state == absent
}

// ParentsKnown reports whether all indexes that may list something were read.
func (g *Graph) ParentsKnown() bool { return !g.unknownParents() }

// Unsought are the manifests that something describes or stands beside and that
// nobody has looked for, sorted.
func (g *Graph) Unsought() []ref.Digest {
	var out []ref.Digest
	for i := range g.nodes {
		n := &g.nodes[i]
		if n.state == mentioned && len(n.referrers)+len(n.companions) > 0 && !n.gap() {
			out = append(out, n.digest)
		}
	}
	slices.Sort(out)
	return out
}

// MissingChildren are the children of the index d that are not there, in its order.
func (g *Graph) MissingChildren(d ref.Digest) []ref.Digest {
	return slices.DeleteFunc(g.Children(d), func(c ref.Digest) bool { return !g.Gone(c) })
}

// Accompanies are the manifests that d describes, or stands beside by a tag
// made from their digests, sorted. A tag of its own makes d more than that.
func (g *Graph) Accompanies(d ref.Digest) (of []ref.Digest, only bool) {
	n, ok := g.find(d)
	if !ok {
		return nil, false
	}
	of, only = g.digests(n.subjects), true
	for _, t := range n.tags {
		c, made := image.ParseCompanion(t)
		if !made {
			only = false
			continue
		}
		of = append(of, c.Subject)
	}
	return unique(of), only && len(of) > 0
}
