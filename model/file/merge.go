package file

import "path"

// merger is an image on its way.
type merger struct {
	root   *Node
	inodes []*Inode
}

// apply lays one layer above what is there, and makes the tree of what it
// changes. Whiteouts are about the layers below only, wherever they stand.
func (m *merger) apply(layer int, entries []Entry) *Node {
	c := changes{newRoot(), layer}
	for _, e := range entries {
		of, all, ok := e.Whiteout()
		switch {
		case !ok || of == "" && !all:
		case all:
			m.clear(m.root.reach(of), c)
		default:
			m.remove(m.root.lead(of), c)
		}
	}
	for _, e := range entries {
		if _, _, white := e.Whiteout(); !white && e.Path != "" {
			m.put(layer, e, c)
		}
	}
	sum(c.root, layer)
	return c.root
}

// clear takes away all that is in a directory.
func (m *merger) clear(dir *Node, c changes) {
	if dir == nil {
		return
	}
	for _, child := range dir.Children() {
		m.remove(child, c)
	}
}

// remove takes a path away, with all that is below it.
func (*merger) remove(at *Node, c changes) {
	if at == nil || at.Parent == nil {
		return
	}
	delete(at.Parent.children, at.Name)
	c.removed(at)
}

// put adds a member of a layer.
func (m *merger) put(layer int, e Entry, c changes) {
	dir, base := path.Split(e.Path)
	w := walker{root: m.root, left: mostLinks, make: true, born: layer}
	in := w.walk(dir)
	stored := e.Path
	e.Path = path.Join(in.Path(), base)
	n := m.node(layer, e, stored)
	n.Name = base
	if old := in.children[base]; old != nil {
		n.replace(old)
	}
	in.put(n)
	c.shown(n)
}

// node is the node of a member, which the layer has under a path of its own.
func (m *merger) node(layer int, e Entry, stored string) *Node {
	n := &Node{Entry: e, Layer: layer, Change: Added, born: layer, laid: layer}
	switch e.Type {
	case Regular:
		n.Inode = &Inode{Path: stored, Layer: layer, Size: e.Size, Sum: e.Sum, at: e.Path}
		m.inodes = append(m.inodes, n.Inode)
	case Hardlink:
		m.link(n)
	case Dir, Symlink, Char, Block, Fifo, Other:
	}
	return n
}

// link makes a node another name of what is there. Another name of a link leads
// where that leads.
func (m *merger) link(n *Node) {
	target := m.root.lead(n.Entry.Link)
	if target == nil {
		return
	}
	n.Inode = target.Inode
	if target.Entry.Type == Symlink {
		n.Entry.Type, n.Entry.Link = Symlink, target.Entry.Link
	}
}

// replace takes the place of what was there. A directory keeps what is in it.
func (n *Node) replace(old *Node) {
	n.came(old)
	if !old.IsDir() || !n.IsDir() {
		return
	}
	for _, c := range old.children {
		n.put(c)
	}
	was, is := old.Entry, n.Entry
	same := old.Layer < 0 || was.Mode == is.Mode && was.UID == is.UID && was.GID == is.GID
	if !same {
		return
	}
	n.Change = Unchanged
	if old.laid == n.laid {
		n.Change = old.Change
	}
	if n.Change == Unchanged && old.Layer >= 0 {
		n.Layer = old.Layer
	}
}

// came tells what a node is that takes the place of another in a layer: what came
// about with the same layer is still new.
func (n *Node) came(old *Node) {
	n.born, n.Change = old.born, Modified
	if old.born == n.laid {
		n.Change = old.Change
	}
}
