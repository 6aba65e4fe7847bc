package graph

import (
	"cmp"
	"slices"

	"regatta/model/ref"
)

// Freed is content that nothing in the repository references any more.
type Freed struct {
	Digest   ref.Digest
	Size     int64 // bytes
	Manifest bool  // else a config or a layer
}

// Freed is what Reclaim counts, by name: the largest first.
func (g *Graph) Freed(order []ref.Digest) []Freed {
	var out []Freed
	g.free(g.ids(order), func(_ int, f Freed) { out = append(out, f) })
	slices.SortFunc(out, func(a, b Freed) int {
		return cmp.Or(cmp.Compare(b.Size, a.Size), cmp.Compare(a.Digest, b.Digest))
	})
	return out
}

// Reclaim is what removing manifests in this order brings back, in bytes, by
// manifest: its own, and each config and layer that nothing references once it
// is gone. Their sum does not depend on the order.
func (g *Graph) Reclaim(order []ref.Digest) []int64 {
	out := make([]int64, len(order))
	known := make([]int, 0, len(order))
	for i, d := range order {
		if _, ok := g.byDigest[d]; ok {
			known = append(known, i)
		}
	}
	g.free(g.ids(order), func(i int, f Freed) { out[known[i]] += f.Size })
	return out
}

// fewIDs is below which share of the graph a map is smaller than a list of all.
const fewIDs = 16

// free tells what removing manifests in this order frees, with the place in the
// order of the manifest that frees it.
func (g *Graph) free(order []id, tell func(i int, f Freed)) {
	if len(order) < len(g.nodes)/fewIDs {
		gone, cut := make(map[id]bool, len(order)), map[int32]int32{}
		g.freeWith(order, func(at id) bool {
			was := gone[at]
			gone[at] = true
			return was
		}, func(b int32) int32 {
			cut[b]++
			return cut[b]
		}, tell)
		return
	}
	gone, cut := make([]bool, len(g.nodes)), make([]int32, len(g.blobs))
	g.freeWith(order, func(at id) bool {
		was := gone[at]
		gone[at] = true
		return was
	}, func(b int32) int32 {
		cut[b]++
		return cut[b]
	}, tell)
}

// freeWith takes what remembers which manifests are gone, and what counts how
// often a blob was let go of.
func (g *Graph) freeWith(
	order []id, went func(id) bool, cut func(int32) int32, tell func(i int, f Freed),
) {
	for i, at := range order {
		if went(at) {
			continue
		}
		if size := g.own(at); size > 0 {
			tell(i, Freed{Digest: g.nodes[at].digest, Size: size, Manifest: true})
		}
		for _, b := range g.nodes[at].blobs {
			if blob := &g.blobs[b]; cut(b) == blob.refs && blob.local {
				tell(i, Freed{Digest: blob.digest, Size: blob.size})
			}
		}
	}
}
