package file

import (
	"path"
	"slices"
	"strings"
)

// dark is what the layers above one that was not read tell of it: which paths are
// gone for sure, and what they may have changed in places that nobody knows. A
// directory that is no member of these layers may be a link in the unread one: what
// is put there or taken away lands elsewhere, and hides there what seemed settled.
// So what lies in such a directory counts for as long as no other layer comes above.
// It is taken for granted that a layer's own members do not hide each other, and
// that none is put through what is no directory. Nil: every layer was read.
type dark struct {
	absent map[string]absence

	// Of the layer that is laid now.
	layer   int32
	dirs    map[string]bool // that it has as members
	stray   map[string]bool // names of what it put or took away, nobody knows where
	passed  map[string]bool // names of directories that it may have made anywhere
	took    bool            // it took something away, perhaps unseen
	written bool            // it put something into a directory that may be any
	wiped   bool            // it emptied one
}

// absence is what is known not to be there.
type absence struct {
	inside bool // not the path: all that is in it
}

func newDark() *dark { return &dark{absent: map[string]absence{}} }

// begin tells which layer is laid, and its members that are directories.
func (d *dark) begin(layer int32, dirs map[string]bool) {
	if d == nil {
		return
	}
	d.layer, d.dirs, d.took, d.written, d.wiped = layer, dirs, dirs != nil, false, false
	d.stray, d.passed = map[string]bool{}, map[string]bool{}
}

// gone reports whether it is known that what a path leads to is not there, of
// which the directory is and the first name is not.
func (d *dark) gone(in *Node, name string, rest []string) bool {
	if d == nil {
		return true // whoever has no layers in the dark has no directory that is open either
	}
	p := in.Path()
	for i, part := range slices.Concat([]string{name}, rest) {
		if part == ".." {
			return false
		}
		p = path.Join(p, part)
		if a, ok := d.absent[p]; ok && (!a.inside || leadsDown(rest[i:])) {
			return true
		}
	}
	return false
}

// leadsDown reports whether names lead into a directory.
func leadsDown(names []string) bool {
	for _, name := range names {
		if name != "" && name != "." {
			return name != ".."
		}
	}
	return false
}

// settled reports whether a directory is where its path says: all of the path are
// directories for sure.
func (d *dark) settled(root *Node, dir string) bool {
	at := root
	for p := range prefixes(dir) {
		if at != nil {
			at = at.children[path.Base(p)]
		}
		if !d.dirs[p] && (at == nil || !at.IsDir() || at.vague) {
			return false
		}
	}
	return true
}

// prefixes are a path and all above it but the root, the highest first.
func prefixes(p string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for i := range len(p) {
			if p[i] == '/' && !yield(p[:i]) {
				return
			}
		}
		if p != "" {
			yield(p)
		}
	}
}

// removed notes that a path of the layers below was taken away.
func (d *dark) removed(root *Node, of string) {
	if d == nil {
		return
	}
	dir, base := path.Split(of)
	if d.settled(root, strings.TrimSuffix(dir, "/")) {
		d.absent[of] = absence{}
	} else {
		d.stray[base] = true
	}
}

// emptied notes that all that the layers below have in a directory was taken away:
// in its node where it is laid.
func (d *dark) emptied(root *Node, of string, laid *Node) {
	switch {
	case d == nil:
	case !d.settled(root, of):
		d.wiped = true
	case laid != nil:
		laid.open = false
	default:
		d.absent[of] = absence{inside: true}
	}
}

// put notes that a name was put into a directory.
func (d *dark) put(in *Node, name string) {
	if in.loose {
		d.putAnywhere(name)
	}
}

func (d *dark) putAnywhere(name string) { d.stray[name], d.written = true, true }

// pass notes that a directory was gone through, and perhaps made, nobody knows where.
func (d *dark) pass(name string) {
	if name != "" && name != "." && name != ".." {
		d.passed[name], d.written = true, true
	}
}

// change is what the layer does to a path that is not there: what was there before,
// and was taken away unseen, is not known.
func (d *dark) change(in *Node) Change {
	if d != nil && (in.open || in.laid == d.layer || d.took) {
		return Unclear
	}
	return Added
}

// shown notes that something is at a path now, which may have been gone, and
// reports whether nothing of the layers below is in it.
func (d *dark) shown(p string) (empty bool) {
	if d == nil {
		return false
	}
	empty = d.absent[p].inside
	delete(d.absent, p)
	return empty
}

// outdated reports whether the layer that is laid now may have changed a node, or
// one that it is in.
func (d *dark) outdated(n *Node) bool {
	for at := n; d != nil && at.Parent != nil; at = at.Parent {
		if d.doubts(at) {
			return true
		}
	}
	return false
}

// doubts reports whether the layer that is laid now may have changed a node of those
// below it.
func (d *dark) doubts(n *Node) bool {
	return n.laid < d.layer && (n.vague || n.Parent.loose || d.stray[n.Name] || d.wiped)
}

// prune takes away what the layer may have changed: it is unknown now.
func (d *dark) prune(root *Node) {
	if d == nil {
		return
	}
	d.cut(root)
	for p, a := range d.absent {
		doubted := d.written && a.inside
		for above := range prefixes(p) {
			name := path.Base(above)
			doubted = doubted || d.written && (d.stray[name] || d.passed[name])
		}
		if doubted {
			delete(d.absent, p)
		}
	}
}

// cut takes away what is in doubt. Where the layer put something into a directory
// that may be any, there may be more in each.
func (d *dark) cut(in *Node) {
	in.open = in.open || d.written
	for name, c := range in.children {
		if c.IsDir() && (c.vague || in.loose) && !d.stray[name] && !d.wiped {
			d.cut(c) // it may have members of this layer
			if c.laid == d.layer || len(c.children) > 0 {
				continue
			}
		}
		switch {
		case d.doubts(c):
			c.veil()
			delete(in.children, name)
			in.open = true
		case c.IsDir():
			d.cut(c)
		}
	}
}

// veil marks files of which nobody knows whether they are seen.
func (n *Node) veil() {
	if n.Inode != nil {
		n.Inode.veiled = true
	}
	for _, c := range n.children {
		c.veil()
	}
}

// doubt marks what lies in directories that may be links: it stays where it is when
// they go.
func (n *Node) doubt() {
	if n.vague {
		n.veil()
		return
	}
	for _, c := range n.children {
		c.doubt()
	}
}
