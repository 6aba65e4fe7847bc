package file

import "path"

// changes is the tree of what a layer changes, on its way.
type changes struct {
	root  *Node
	layer int32
}

// removed takes over what was taken away from the layers below.
func (c changes) removed(at *Node) {
	in := c.way(at.Parent)
	at.Change = Removed
	at.Walk(func(n *Node, _ int) bool {
		n.Change = Removed
		return true
	})
	if before := in.children[at.Name]; before != nil {
		at.graft(before)
	}
	in.put(at)
}

// graft takes over what another tree has and this one has not.
func (n *Node) graft(other *Node) {
	for name, c := range other.children {
		if own := n.children[name]; own != nil {
			own.graft(c)
		} else {
			n.put(c)
		}
	}
}

// shown shows what was put into the image. What takes the place of what the same
// layer took away is no news, but changed.
func (c changes) shown(n *Node) {
	in := c.way(n.Parent)
	before := in.children[n.Name]
	if before != nil && before.Change == Removed {
		n.Change = Modified
	}
	copied := *n
	copied.children = nil
	if before != nil && before.IsDir() && n.IsDir() {
		copied.graft(before)
	}
	in.put(&copied)
}

// way is the directory of the changes that a directory of the image is shown as.
func (c changes) way(of *Node) *Node {
	if of.Parent == nil {
		return c.root
	}
	in := c.way(of.Parent)
	before := in.children[of.Name]
	if before != nil && before.IsDir() && before.Change != Removed {
		return before
	}
	gone := before != nil && before.Change == Removed
	if gone {
		of.Change = Modified
	}
	at := *of
	at.children = nil
	if of.laid != c.layer {
		at.Change = Unchanged
	}
	if gone {
		at.graft(before)
	}
	in.put(&at)
	return &at
}

// unseen shows that a path was taken away of which nobody knows what it was.
func (c changes) unseen(of string) {
	in := c.root
	for p := range prefixes(of) {
		next := in.children[path.Base(p)]
		if next == nil || !next.IsDir() && p != of {
			next = &Node{Name: path.Base(p), Entry: &Entry{Path: p, Type: Dir}, Layer: -1, laid: c.layer}
			in.put(next)
		}
		if p == of {
			next.Entry, next.Change, next.unknown = &Entry{Path: p, Type: Other}, Removed, true
		}
		in = next
	}
}
