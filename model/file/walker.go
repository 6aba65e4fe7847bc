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
	born int32 // the layer that what is made comes about with

	dirs    map[string]bool // where a link gives way to a directory, and is not followed
	dark    *dark           // what layers tell of paths below one that was not read
	unknown bool            // it ended at what only a layer that was not read tells
}

// walk is the node at a path. Where make is set it is a directory: what is missing
// on the way is made, and what is there and is no directory gives way; nil only
// where nobody knows which directory that is.
func (w *walker) walk(p string) *Node {
	at, rest := w.root, strings.Split(p, "/")
	for len(rest) > 0 && at != nil {
		name := rest[0]
		rest = rest[1:]
		next := at.children[name]
		switch {
		case name == "" || name == ".":
		case name == "..":
			at = w.up(at, rest)
		case next != nil && next.Entry.Type == Symlink && w.left > 0:
			at = w.follow(at, next)
			rest = append(strings.Split(next.Entry.Link, "/"), rest...)
		default:
			at = w.step(at, next, name, rest)
		}
	}
	return at
}

// follow is the directory that what a link says begins at.
func (w *walker) follow(at, link *Node) *Node {
	w.left--
	switch {
	case w.dirs[link.Path()]:
		return nil
	case strings.HasPrefix(link.Entry.Link, "/"):
		return w.root
	}
	return at
}

// up is the directory above; nil where a link that nobody read may lead here.
func (w *walker) up(at *Node, rest []string) *Node {
	if !at.loose {
		return at.above()
	}
	w.unknown = true
	if w.make {
		for _, name := range rest {
			w.dark.pass(name)
		}
	}
	return nil
}

// step is the node that the walk goes on to, nil where it ends.
func (w *walker) step(at, next *Node, name string, rest []string) *Node {
	switch {
	case w.make:
		if next == nil || !next.IsDir() {
			next = w.imply(at, name, next)
		}
		if at.loose {
			w.dark.pass(name)
		}
		return next
	case next != nil && next.IsDir():
		return next
	case next == nil:
		w.unknown = at.open && !w.dark.gone(at, name, rest)
		return nil
	case next.Entry.Type == Symlink || len(rest) > 0:
		w.unknown = next.unknown
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
func (w *walker) imply(at *Node, name string, old *Node) *Node {
	made := &Node{
		Name: name, Entry: &Entry{Path: path.Join(at.Path(), name), Type: Dir}, Layer: -1, Change: Added,
		born: w.born, laid: w.born, loose: at.loose,
	}
	switch {
	case old != nil && !old.unknown:
		made.came(old)
	case old != nil, at.open && !w.dark.gone(at, name, nil):
		made.open, made.vague, made.loose, made.Change = true, true, true, Unclear
	}
	if w.dark.shown(made.Path()) {
		made.open = false
	}
	at.put(made)
	return made
}
