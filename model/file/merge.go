package file

import (
	"context"
	"path"
	"strings"
)

// merger is an image on its way.
type merger struct {
	ctx    context.Context //nolint:containedctx // of one merge
	root   *Node
	dark   *dark           // nil as long as all layers were read
	dirs   map[string]bool // members of the layer that takes something away
	inodes []*Inode        // since the last layer that was not read
	veiled int             // how many of them are marked
	waste  map[string]*Waste
	stored int64
	sums   int32 // that were made
}

// someEntries is how many members are laid before the context is asked again.
const someEntries = 1 << 12

// apply lays one layer above what is there, and makes the tree of what it
// changes. Whiteouts are about the layers below only, wherever they stand.
func (m *merger) apply(layer int32, entries []Entry) *Node {
	c := changes{newRoot(), layer}
	m.dirs = nil
	m.each(entries, func(e *Entry) {
		if white(e) && m.dirs == nil {
			m.dirs = directories(entries)
		}
	})
	m.dark.begin(layer, m.dirs)
	m.each(entries, func(e *Entry) {
		of, all, ok := e.Whiteout()
		switch {
		case !ok || of == "" && !all:
		case all:
			m.empty(of, c)
		default:
			m.whiteout(of, c)
		}
	})
	m.dark.prune(m.root)
	m.dirs = nil
	m.each(entries, func(e *Entry) {
		if !white(e) && e.Path != "" {
			m.put(layer, e, c)
		}
	})
	m.dark.prune(m.root)
	m.sum(c.root, int(layer))
	return c.root
}

// each visits members until the context ends.
func (m *merger) each(entries []Entry, visit func(*Entry)) {
	for i := range entries {
		if i%someEntries == 0 && m.ctx.Err() != nil {
			return
		}
		visit(&entries[i])
	}
}

// directories are the members that are some.
func directories(entries []Entry) map[string]bool {
	out := map[string]bool{}
	for _, e := range entries {
		if e.Type == Dir {
			out[e.Path] = true
		}
	}
	return out
}

// look is what is at a path, of which links lead to the directory only, as the
// layers are laid so far, and which place that is.
func (m *merger) look(p string) (at *Node, place string, unknown bool) {
	p, _ = Place(p)
	dir, base := path.Split(p)
	w := walker{root: m.root, left: mostLinks, dark: m.dark, dirs: m.dirs}
	in := w.walk(dir)
	if in == nil || !in.IsDir() {
		return nil, p, w.unknown
	}
	place = path.Join(in.Path(), base)
	if at = in.children[base]; at == nil {
		return nil, place, in.open && !m.dark.gone(in, base, nil)
	}
	return at, place, m.dark.outdated(at)
}

// empty takes away all that is in a directory.
func (m *merger) empty(of string, c changes) {
	w := walker{root: m.root, left: mostLinks, dark: m.dark, dirs: m.dirs}
	dir := w.walk(of)
	if dir != nil && dir.IsDir() {
		for _, child := range dir.Children() {
			m.remove(child, c)
		}
		m.dark.emptied(m.root, dir.Path(), dir)
	} else if w.unknown {
		m.dark.emptied(m.root, of, nil)
	}
}

// whiteout takes away what is at a path.
func (m *merger) whiteout(of string, c changes) {
	at, place, unknown := m.look(of)
	switch {
	case !unknown:
		m.remove(at, c)
	default:
		c.unseen(place)
		if at != nil {
			at.veil()
			delete(at.Parent.children, at.Name)
		}
	}
	m.dark.removed(m.root, place)
}

// remove takes a path away, with all that is below it.
func (*merger) remove(at *Node, c changes) {
	if at == nil || at.Parent == nil {
		return
	}
	at.doubt()
	delete(at.Parent.children, at.Name)
	c.removed(at)
}

// put adds a member of a layer.
func (m *merger) put(layer int32, e *Entry, c changes) {
	dir, base := path.Split(e.Path)
	w := walker{root: m.root, left: mostLinks, make: true, born: layer, dark: m.dark}
	in := w.walk(dir)
	if in == nil {
		m.dark.putAnywhere(base)
		return
	}
	n := m.node(layer, e, in, base)
	n.Name, n.loose = base, in.loose && n.IsDir()
	if old := in.children[base]; old != nil {
		n.replace(old)
	} else {
		n.open = n.IsDir() && in.open && !m.dark.gone(in, base, nil)
		n.Change = m.dark.change(in)
	}
	if m.dark.shown(n.Path()) {
		n.open = false
	}
	m.dark.put(in, base)
	in.put(n)
	c.shown(n)
}

// node is the node of a member, which the layer may have under another path.
func (m *merger) node(layer int32, e *Entry, in *Node, base string) *Node {
	stored := e.Path
	if !liesIn(e.Path, in.Path(), base) {
		moved := *e
		moved.Path = path.Join(in.Path(), base)
		e = &moved
	}
	n := &Node{Entry: e, Layer: int(layer), Change: Added, born: layer, laid: layer}
	switch e.Type {
	case Regular:
		n.Inode = &Inode{Path: stored, Layer: int(layer), Size: e.Size, Sum: e.Sum}
		if e.Path != stored {
			n.Inode.at = &e.Path
		}
		m.inodes = append(m.inodes, n.Inode)
	case Hardlink:
		m.link(n)
	case Dir, Symlink, Char, Block, Fifo, Other:
	}
	return n
}

// liesIn reports whether a path is that of a name in a directory.
func liesIn(p, dir, base string) bool {
	if dir == "" {
		return p == base
	}
	return len(p) == len(dir)+1+len(base) && strings.HasPrefix(p, dir) && p[len(dir)] == '/'
}

// link makes a node another name of what is there. Another name of a link leads
// where that leads.
func (m *merger) link(n *Node) {
	target, _, unknown := m.look(n.Entry.Link)
	if n.unknown = unknown || target != nil && (target.unknown || target.vague); n.unknown {
		m.veil()
		return
	}
	if target == nil {
		return
	}
	n.Inode = target.Inode
	if target.Entry.Type == Symlink {
		e := *n.Entry
		e.Type, e.Link = Symlink, target.Entry.Link
		n.Entry = &e
	}
}

// veil marks all files so far: a link to what nobody knows may be to any of them.
func (m *merger) veil() {
	for ; m.veiled < len(m.inodes); m.veiled++ {
		m.inodes[m.veiled].veiled = true
	}
}

// replace takes the place of what was there. A directory keeps what is in it.
func (n *Node) replace(old *Node) {
	n.came(old)
	switch {
	case !n.IsDir():
		old.doubt()
	case old.vague: // it may have been a link, and what was put there lies elsewhere
		old.doubt()
		n.open, n.Change = old.open || len(old.children) > 0, Unclear
	case old.IsDir():
		n.keep(old)
	}
}

// keep takes over what is in a directory that is named again.
func (n *Node) keep(old *Node) {
	n.open = old.open
	for _, c := range old.children {
		n.put(c)
	}
	was, is := old.Entry, n.Entry
	if old.Layer >= 0 && (was.Mode != is.Mode || was.UID != is.UID || was.GID != is.GID) {
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

// count adds up what is stored, and what of it nobody sees.
func (m *merger) count() {
	m.sums++
	m.root.Walk(func(n *Node, _ int) bool {
		if n.Inode != nil {
			n.Inode.seen = m.sums
		}
		return true
	})
	for _, i := range m.inodes {
		m.stored += i.Size
		if i.seen == m.sums || i.veiled || i.Size == 0 {
			continue
		}
		w := m.waste[i.place()]
		if w == nil {
			w = &Waste{Path: i.place()}
			m.waste[i.place()] = w
		}
		w.Bytes, w.Copies, w.Layers = w.Bytes+i.Size, w.Copies+1, append(w.Layers, i.Layer)
		w.Gone = m.root.Find(i.place()) == nil
	}
	m.inodes, m.veiled = nil, 0
}

// forget takes it that nothing is known of what is there: a layer that was not
// read may have changed all of it. What was hidden before stays so.
func (m *merger) forget() {
	m.count()
	m.root = newRoot()
	m.root.open = true
	m.dark = newDark()
}
