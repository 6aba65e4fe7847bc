package files

import (
	"cmp"
	"slices"
	"strings"

	"regatta/model/file"
	"regatta/ui/component/table"
)

// tree is what is unfolded of the files of a view. Only what is unfolded is
// sorted and has rows.
type tree struct {
	root   *file.Node
	open   map[*file.Node]bool
	bySize bool
	sorted map[*file.Node][]*file.Node
	ids    map[*file.Node]table.Row
	nodes  []*file.Node // by row
}

func newTree(root *file.Node, bySize bool) *tree {
	t := &tree{root: root, open: map[*file.Node]bool{}, ids: map[*file.Node]table.Row{}}
	t.sort(bySize)
	t.openFew()
	return t
}

// openFew unfolds all where there is little.
func (t *tree) openFew() {
	const few = 24
	var all []*file.Node
	todo := []*file.Node{t.root}
	for len(todo) > 0 && len(all) <= few {
		n := todo[0]
		todo = todo[1:]
		all = append(all, n)
		todo = append(todo, t.children(n)...)
	}
	if len(all) > few {
		return
	}
	for _, n := range all {
		t.open[n] = n.IsDir()
	}
}

// sort orders what is in directories by size, else by name.
func (t *tree) sort(bySize bool) {
	t.bySize, t.sorted = bySize, map[*file.Node][]*file.Node{}
}

func (t *tree) children(n *file.Node) []*file.Node {
	if known, ok := t.sorted[n]; ok {
		return known
	}
	out := n.Children()
	if t.bySize {
		bySize(out)
	}
	t.sorted[n] = out
	return out
}

// bySize puts the largest first.
func bySize(all []*file.Node) {
	slices.SortStableFunc(all, func(a, b *file.Node) int { return cmp.Compare(weight(b), weight(a)) })
}

// weight is the bytes that a row shows: of a hard link those of the file.
func weight(n *file.Node) int64 {
	if n.Inode != nil {
		return n.Inode.Size
	}
	return n.Bytes
}

// row is the identity of a node's row.
func (t *tree) row(n *file.Node) table.Row {
	if r, ok := t.ids[n]; ok {
		return r
	}
	r := table.Row(len(t.nodes)) //nolint:gosec // as many as memory holds
	t.ids[n], t.nodes = r, append(t.nodes, n)
	return r
}

func (t *tree) node(r table.Row) *file.Node {
	if t == nil || r < 0 || int(r) >= len(t.nodes) {
		return nil
	}
	return t.nodes[r]
}

// rows is what is unfolded.
func (t *tree) rows() []table.Row { return t.flatten(nil, t.root) }

func (t *tree) flatten(out []table.Row, of *file.Node) []table.Row {
	for _, n := range t.children(of) {
		out = append(out, t.row(n))
		if t.open[n] {
			out = t.flatten(out, n)
		}
	}
	return out
}

// reveal unfolds all that a node lies in.
func (t *tree) reveal(n *file.Node) {
	for at := n.Parent; at != nil; at = at.Parent {
		t.open[at] = true
	}
}

// depth is how many directories a node lies in.
func depth(n *file.Node) int { return strings.Count(n.Path(), "/") }

func rows(n int) []table.Row {
	out := make([]table.Row, n)
	for i := range out {
		out[i] = table.Row(i)
	}
	return out
}

func same(r table.Row) table.Row { return r }

// counts is what a layer does; unclear is what it stores without that anybody knows
// whether something was there.
type counts struct{ added, changed, removed, unclear int }

func countAll(layers []*file.Node) []counts {
	out := make([]counts, len(layers))
	for i, l := range layers {
		l.Walk(func(n *file.Node, _ int) bool {
			out[i].count(n)
			return true
		})
	}
	return out
}

// count leaves directories out: they only lead to what matters.
func (c *counts) count(n *file.Node) {
	switch {
	case n.IsDir():
	case n.Change == file.Added:
		c.added++
	case n.Change == file.Modified:
		c.changed++
	case n.Change == file.Removed:
		c.removed++
	case n.Change == file.Unclear:
		c.unclear++
	}
}
