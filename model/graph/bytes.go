package graph

import "regatta/model/ref"

// Weight is how many bytes a set of manifests holds, in bytes as the registry
// stores them: manifests, configs and layers, each counted once, foreign
// layers not. Unique are those that nothing else in the repository references.
type Weight struct {
	Total, Unique, Shared int64
	Exact                 bool // everything was read
}

// Weigh weighs manifests together with all their children.
func (g *Graph) Weigh(digests ...ref.Digest) Weight {
	set := g.descend(digests)
	w := Weight{Exact: g.Complete()}
	g.free(set, func(_ int, f Freed) { w.Unique += f.Size })
	seen := map[int32]bool{}
	for _, at := range set {
		w.Total += g.own(at)
		for _, b := range g.nodes[at].blobs {
			if !seen[b] && g.blobs[b].local {
				w.Total += g.blobs[b].size
			}
			seen[b] = true
		}
	}
	w.Shared = w.Total - w.Unique
	return w
}

// descend is the manifests and all below them, each once.
func (g *Graph) descend(digests []ref.Digest) []id {
	queue := g.ids(digests)
	seen := make(map[id]bool, len(queue))
	var out []id
	for ; len(queue) > 0; queue = queue[1:] {
		if at := queue[0]; !seen[at] {
			seen[at] = true
			out = append(out, at)
			queue = append(queue, g.nodes[at].children...)
		}
	}
	return out
}

func (g *Graph) ids(digests []ref.Digest) []id {
	out := make([]id, 0, len(digests))
	for _, d := range digests {
		if at, ok := g.byDigest[d]; ok {
			out = append(out, at)
		}
	}
	return out
}

// own is the size of a manifest that is there.
func (g *Graph) own(at id) int64 {
	if n := &g.nodes[at]; n.state == known || n.state == missing {
		return n.size
	}
	return 0
}

// Blob is a config or a layer, and the manifests that reference it.
type Blob struct {
	Digest ref.Digest
	Size   int64 // bytes
	Local  bool  // the registry holds it: it is not foreign
	Users  []ref.Digest
}

// Blobs are all configs and layers that some manifest references.
func (g *Graph) Blobs() []Blob {
	out := make([]Blob, len(g.blobs))
	for i, b := range g.blobs {
		out[i] = Blob{Digest: b.digest, Size: b.size, Local: b.local, Users: make([]ref.Digest, 0, b.refs)}
	}
	for i := range g.nodes {
		for _, b := range g.nodes[i].blobs {
			out[b].Users = append(out[b].Users, g.nodes[i].digest)
		}
	}
	return out
}

// Size is how large a manifest itself is, in bytes; 0 where that is not known.
func (g *Graph) Size(d ref.Digest) int64 {
	at, ok := g.byDigest[d]
	if !ok {
		return 0
	}
	return g.own(at)
}
