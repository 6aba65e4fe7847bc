package file

// tally sums up a tree.
type tally struct {
	number int32           // what is there carries it once it is part of the sum
	gone   map[*Inode]bool // what was removed
	layer  int             // whose bytes count, below 0 for all
}

// sum works out the bytes and files of a tree.
func (m *merger) sum(root *Node, layer int) {
	m.sums++
	tally{m.sums, map[*Inode]bool{}, layer}.add(root)
}

// add works out the bytes and files below every directory. A file of several
// names counts where its first one is; what is removed counts in what is removed
// only.
func (t tally) add(n *Node) {
	n.Bytes, n.Files = 0, 0
	if !n.IsDir() {
		n.Files, n.Bytes = 1, t.bytes(n)
		return
	}
	for _, c := range n.Children() {
		t.add(c)
		if c.Change != Removed || n.Change == Removed {
			n.Bytes, n.Files = n.Bytes+c.Bytes, n.Files+c.Files
		}
	}
}

func (t tally) bytes(n *Node) int64 {
	switch i := n.Inode; {
	case i == nil:
		return 0
	case n.Change == Removed:
		if t.gone[i] {
			return 0
		}
		t.gone[i] = true
	case i.seen == t.number || t.layer >= 0 && i.Layer != t.layer:
		return 0
	default:
		i.seen = t.number
	}
	return n.Inode.Size
}
