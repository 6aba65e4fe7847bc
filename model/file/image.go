package file

import (
	"cmp"
	"slices"
	"strings"
)

// Image is the files of an image: of all layers together, and what each layer
// changed.
type Image struct {
	Root   *Node
	Layers []*Node // the tree of each layer, with removed paths where something was there
	Waste  []Waste // the paths first that waste most
	Wasted int64   // bytes stored in vain
	Stored int64   // bytes of all regular files of all layers
}

// Waste is a path of which bytes are stored that nobody sees: a later layer
// stores it again, or takes it away.
type Waste struct {
	Path   string
	Bytes  int64
	Copies int   // that are hidden
	Layers []int // that they are in
	Gone   bool  // nothing is at the path now
}

// Merge lays layers above each other, the lowest first (OCI image-spec,
// layer.md, applying changesets).
func Merge(layers [][]Entry) Image {
	m := merger{root: newRoot()}
	out := Image{Root: m.root}
	for i, entries := range layers {
		out.Layers = append(out.Layers, m.apply(i, entries))
	}
	out.tell(m.inodes, sum(m.root, -1).seen)
	return out
}

// tell works out what is wasted: what was stored and is not seen.
func (im *Image) tell(stored []*Inode, seen map[*Inode]bool) {
	waste := map[string]*Waste{}
	for _, i := range stored {
		im.Stored += i.Size
		if seen[i] || i.Size == 0 {
			continue
		}
		w := waste[i.at]
		if w == nil {
			w = &Waste{Path: i.at, Gone: im.Root.Find(i.at) == nil}
			waste[i.at] = w
		}
		w.Bytes, w.Copies, w.Layers = w.Bytes+i.Size, w.Copies+1, append(w.Layers, i.Layer)
		im.Wasted += i.Size
	}
	for _, w := range waste {
		w.Layers = slices.Compact(w.Layers)
		im.Waste = append(im.Waste, *w)
	}
	slices.SortFunc(im.Waste, func(a, b Waste) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), strings.Compare(a.Path, b.Path))
	})
}
