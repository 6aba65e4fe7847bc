package file

import (
	"cmp"
	"path"
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
	Copies int // that are hidden
	Gone   bool
}

// Merge lays layers above each other, the lowest first (OCI image-spec,
// layer.md, applying changesets).
func Merge(layers [][]Entry) Image {
	m := merger{root: newRoot()}
	out := Image{}
	for i, entries := range layers {
		out.Layers = append(out.Layers, m.apply(i, entries))
	}
	out.Root = m.root
	seen := map[*Inode]bool{}
	m.root.sum(seen)
	waste := map[string]*Waste{}
	for _, i := range m.inodes {
		out.Stored += i.Size
		if seen[i] || i.Size == 0 {
			continue
		}
		w := waste[i.Path]
		if w == nil {
			w = &Waste{Path: i.Path, Gone: m.root.Find(i.Path) == nil}
			waste[i.Path] = w
		}
		w.Bytes, w.Copies, out.Wasted = w.Bytes+i.Size, w.Copies+1, out.Wasted+i.Size
	}
	for _, w := range waste {
		out.Waste = append(out.Waste, *w)
	}
	slices.SortFunc(out.Waste, func(a, b Waste) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), strings.Compare(a.Path, b.Path))
	})
	return out
}

// merger is an image on its way.
type merger struct {
	root   *Node
	inodes []*Inode
}

// apply lays one layer above what is there, and makes the tree of what it
// changes. Whiteouts are about the layers below only, wherever they stand.
func (m *merger) apply(layer int, entries []Entry) *Node {
	changes := newRoot()
	for _, e := range entries {
		of, all, ok := e.Whiteout()
		switch {
		case !ok || of == "" && !all:
		case all:
			m.clear(m.root.reach(of), changes)
		default:
			dir, base := path.Split(of)
			if in := m.root.reach(dir); in != nil && in.children[base] != nil {
				m.remove(in.children[base], changes)
			}
		}
	}
	for _, e := range entries {
		if _, _, white := e.Whiteout(); !white && e.Path != "" {
			m.put(layer, e, changes)
		}
	}
	changes.sum(map[*Inode]bool{})
	return changes
}

// clear takes away all that is in a directory.
func (m *merger) clear(dir, changes *Node) {
	if dir == nil {
		return
	}
	for _, c := range dir.Children() {
		m.remove(c, changes)
	}
}

// remove takes a path away, with all that is below it.
func (m *merger) remove(at, changes *Node) {
	delete(at.Parent.children, at.Name)
	changes.show(at, Removed)
}

// show puts a copy of the node, without what is below it, into a tree of
// changes.
func (n *Node) show(of *Node, c Change) {
	dir, base := path.Split(of.Path())
	in := n.dir(dir)
	copied := *of
	copied.Change, copied.Parent, copied.children = c, in, nil
	if of.IsDir() {
		copied.children = map[string]*Node{}
	}
	if old := in.children[base]; old != nil && old.IsDir() && of.IsDir() {
		copied.adopt(old)
	}
	in.children[base] = &copied
}

// adopt takes over what is in another directory.
func (n *Node) adopt(other *Node) {
	n.children = other.children
	for _, c := range n.children {
		c.Parent = n
	}
}

// put adds a member of a layer.
func (m *merger) put(layer int, e Entry, changes *Node) {
	dir, base := path.Split(e.Path)
	in := m.root.dir(dir)
	e.Path = path.Join(in.Path(), base)
	old := in.children[base]
	n := m.node(layer, e)
	n.Name, n.Parent = base, in
	if old != nil {
		n.replace(old)
	}
	in.children[base] = n
	changes.show(n, n.Change)
}

// node is the node of a member.
func (m *merger) node(layer int, e Entry) *Node {
	n := &Node{Entry: e, Layer: layer, Change: Added}
	switch e.Type {
	case Dir:
		n.children = map[string]*Node{}
	case Regular:
		n.Inode = &Inode{Path: e.Path, Layer: layer, Size: e.Size, Sum: e.Sum}
		m.inodes = append(m.inodes, n.Inode)
	case Hardlink:
		if target := m.root.lead(e.Link); target != nil {
			n.Inode = target.Inode
		}
	case Symlink, Char, Block, Fifo, Other:
	}
	return n
}

// replace takes the place of what was there. A directory keeps what is in it.
func (n *Node) replace(old *Node) {
	n.Change = Modified
	if !old.IsDir() || !n.IsDir() {
		return
	}
	n.adopt(old)
	was, is := old.Entry, n.Entry
	if old.Layer < 0 || was.Mode == is.Mode && was.UID == is.UID && was.GID == is.GID {
		n.Change = Unchanged
	}
}
