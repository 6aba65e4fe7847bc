package file

import (
	"path"
	"strings"
)

// mostLinks is how many links one path may lead through, as on Linux.
const mostLinks = 40

// walker goes along a path as a runtime goes that unpacks a layer: through links,
// and never out of the root.
type walker struct {
	root *Node
	left int // links that may be followed yet: of all on the way, or few would branch into millions
	make bool
	born int // the layer that what is made comes about with
}

// walk is the node at a path. Where make is set it is a directory: what is missing
// on the way is made, and what is there and is no directory gives way.
func (w *walker) walk(p string) *Node {
	at, rest := w.root, strings.Split(p, "/")
	for len(rest) > 0 && at != nil {
		name := rest[0]
		rest = rest[1:]
		next := at.children[name]
		switch {
		case name == "" || name == ".":
		case name == "..":
			at = at.above()
		case next != nil && next.Entry.Type == Symlink && w.left > 0:
			w.left--
			if strings.HasPrefix(next.Entry.Link, "/") {
				at = w.root
			}
			rest = append(strings.Split(next.Entry.Link, "/"), rest...)
		default:
			at = w.step(at, next, name, len(rest) == 0)
		}
	}
	return at
}

// step is the node that the walk goes on to, nil where it ends.
func (w *walker) step(at, next *Node, name string, last bool) *Node {
	switch {
	case next != nil && next.IsDir():
		return next
	case w.make:
		return at.imply(name, next, w.born)
	case next == nil || next.Entry.Type == Symlink || !last:
		return nil
	}
	return next
}

// above is the directory that the node is in; the root is in itself.
func (n *Node) above() *Node {
	if n.Parent == nil {
		return n
	}
	return n.Parent
}

// imply puts a directory that is no member of a layer where old was, if anything.
func (n *Node) imply(name string, old *Node, born int) *Node {
	made := &Node{
		Name: name, Entry: Entry{Path: path.Join(n.Path(), name), Type: Dir}, Layer: -1, Change: Added,
		born: born, laid: born,
	}
	if old != nil {
		made.came(old)
	}
	n.put(made)
	return made
}
