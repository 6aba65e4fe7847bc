package file

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// Image is the files of an image: of all layers together, and what each layer
// changed. Of an image with layers that could not be read Root has what the layers
// above the last of them settle, and no more; its sums are the least it can be.
type Image struct {
	Root   *Node
	Layers []*Node // the tree of each layer, with removed paths where something was there
	Waste  []Waste // the paths first that waste most
	Wasted int64   // bytes that a later layer removes or stores again
	Stored int64   // bytes of all regular files of all layers
	Unread []int   // the layers that could not be read, counted from 0, the lowest first

	dark *dark
}

// Layer is what was read of a layer.
type Layer struct {
	Entries []Entry
	Unread  bool // it could not be read: it may hold, hide or take away anything
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

// Merge lays layers above each other that were all read, the lowest first (OCI
// image-spec, layer.md, applying changesets).
func Merge(layers [][]Entry) Image {
	all := make([]Layer, len(layers))
	for i := range layers {
		all[i].Entries = layers[i]
	}
	im, _ := MergeRead(context.Background(), all) // which does not end
	return im
}

// MergeRead lays layers above each other of which some could not be read. What
// lies below one of those is unknown, whatever the layers below it say.
func MergeRead(ctx context.Context, layers []Layer) (Image, error) {
	m := merger{ctx: ctx, root: newRoot(), waste: map[string]*Waste{}}
	out := Image{}
	for i, l := range layers {
		if l.Unread {
			out.Unread = append(out.Unread, i)
			out.Layers = append(out.Layers, newRoot())
			m.forget()
			continue
		}
		out.Layers = append(out.Layers, m.apply(int32(i), l.Entries))
		if err := context.Cause(ctx); err != nil {
			return Image{}, err
		}
	}
	m.sum(m.root, -1)
	m.count()
	out.Root, out.dark, out.Stored = m.root, m.dark, m.stored
	for _, w := range m.waste {
		w.Layers = slices.Compact(w.Layers)
		out.Waste, out.Wasted = append(out.Waste, *w), out.Wasted+w.Bytes
	}
	slices.SortFunc(out.Waste, func(a, b Waste) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), strings.Compare(a.Path, b.Path))
	})
	return out, nil
}

// Complete reports whether all layers were read.
func (im *Image) Complete() bool { return len(im.Unread) == 0 }

// At is what is at a path, where the last and all other links are followed; nil
// where nothing is. It is not known where a layer that was not read may have a say.
func (im *Image) At(p string) (n *Node, known bool) {
	w := walker{root: im.Root, left: mostLinks, dark: im.dark}
	n = w.walk(p)
	return n, !w.unknown && (n == nil || !n.unknown)
}

// Whole reports whether all that is in a directory is known, with all that is
// below it; of a file whether its content is.
func (im *Image) Whole(n *Node) bool {
	whole := !n.open && !n.unknown
	n.Walk(func(c *Node, _ int) bool {
		whole = whole && !c.open && !c.unknown
		return whole
	})
	return whole
}
