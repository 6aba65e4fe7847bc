package file

import (
	"slices"
	"strings"
)

// Change is what a layer did to a path.
type Change byte

// The changes.
const (
	Unchanged Change = iota // a directory that only leads to what is changed
	Added
	Modified
	Removed
	Unclear // stored; whether something was there before lies in a layer that was not read
)

// Node is a path of a tree.
type Node struct {
	Name     string
	Entry    *Entry // shared; of a directory that no layer has as a member only the path is known
	Layer    int    // that it comes from, counted from 0; below 0 for such a directory
	Bytes    int64  // of the file, or of all below the directory; hard links count once
	Files    int    // below the directory, without directories; 1 for a file
	Parent   *Node
	Inode    *Inode // of a regular file, and of its other names; nil for all else
	children map[string]*Node
	born     int32 // the layer that the path came about with
	laid     int32 // the layer that put the node there
	Change   Change

	// Below a layer that was not read.
	open    bool // a directory: what else is in it is not known
	vague   bool // a directory that no layer above has as a member: it may be a link
	loose   bool // a directory of which the place is not known: it or one above it is vague
	unknown bool // a hard link of which the target is not known, or what was removed unseen
}

// Inode is the content of a regular file, which hard links are other names of.
type Inode struct {
	Path  string // that its layer has it under, which may lead through links
	Layer int
	Size  int64
	Sum   [16]byte
	at    *string // where in the image it was put, where that is another path

	seen   int32 // the last sum that it was part of
	veiled bool  // whether anybody sees it depends on a layer that was not read
}

// place is where in the image the content was put.
func (i *Inode) place() string {
	if i.at != nil {
		return *i.at
	}
	return i.Path
}

// IsDir reports whether the node is a directory.
func (n *Node) IsDir() bool { return n.Entry.Type == Dir }

// Path is where the node lies, "" for the root.
func (n *Node) Path() string { return n.Entry.Path }

// Children are what is in the directory, by name.
func (n *Node) Children() []*Node {
	out := make([]*Node, 0, len(n.children))
	for _, c := range n.children {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b *Node) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Find is the node at a path, without following links; nil if there is none.
func (n *Node) Find(p string) *Node {
	at := n
	p, _ = Place(p)
	if p == "" {
		return at
	}
	for name := range strings.SplitSeq(p, "/") {
		if at = at.children[name]; at == nil {
			return nil
		}
	}
	return at
}

// Follow is the node at a path where the last and all other links are followed
// within the tree; nil where they lead nowhere, in a circle, or to what a layer
// that was not read may hold.
func (n *Node) Follow(p string) *Node {
	w := walker{root: n, left: mostLinks}
	return w.walk(p)
}

// Walk visits what is below the node, directories before what they hold. Where
// visit says false, what is below a directory is left out.
func (n *Node) Walk(visit func(n *Node, depth int) bool) { n.walk(visit, 0) }

func (n *Node) walk(visit func(*Node, int) bool, depth int) {
	for _, c := range n.Children() {
		if visit(c, depth) && c.IsDir() {
			c.walk(visit, depth+1)
		}
	}
}

func newRoot() *Node {
	return &Node{Entry: &Entry{Type: Dir}, Layer: -1}
}

// put puts a node into the directory.
func (n *Node) put(c *Node) {
	if n.children == nil {
		n.children = map[string]*Node{}
	}
	n.children[c.Name], c.Parent = c, n
}

// Unknown reports whether what the node is lies in a layer that was not read: a
// hard link to something there, or what a layer takes away from there.
func (n *Node) Unknown() bool { return n.unknown }

// Partial reports whether more may be in the directory: a layer that was not read
// may have it.
func (n *Node) Partial() bool { return n.open }
