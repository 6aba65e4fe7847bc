package file

// tally sums up a tree.
type tally struct {
	seen  map[*Inode]bool // what is there
	gone  map[*Inode]bool // what was removed
	layer int             // whose bytes count, below 0 for all
}

func sum(root *Node, layer int) {
	tally{map[*Inode]bool{}, map[*Inode]bool{}, layer}.add(root)
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
	i, seen, all := n.Inode, t.seen, t.layer < 0
	if n.Change == Removed {
		seen, all = t.gone, true
	}
	if i == nil || seen[i] || !all && i.Layer != t.layer {
		return 0
	}
	seen[i] = true
	return i.Size
}
