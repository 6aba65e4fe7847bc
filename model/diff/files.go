package diff

import (
	"maps"
	"slices"

	"regatta/model/file"
)

// Files are the paths of two images that differ, by path. Of a directory that
// comes or goes all that is in it is there too.
type Files struct {
	Added, Removed           []*file.Node
	Changed                  []FileChange
	AddedBytes, RemovedBytes int64 // hard links count once
	ChangedBytes             int64 // by how much what changed is larger now
}

// FileChange is a path that both have, and not as the same.
type FileChange struct{ From, To *file.Node }

// Kind reports whether it is another kind of thing now.
func (c FileChange) Kind() bool { return kind(c.From) != kind(c.To) }

// Content reports whether the content is another one, or where a link leads.
func (c FileChange) Content() bool {
	a, b := c.From, c.To
	if a.Inode == nil || b.Inode == nil {
		return a.Inode != b.Inode || a.Entry.Link != b.Entry.Link
	}
	return a.Inode.Size != b.Inode.Size || a.Inode.Sum != b.Inode.Sum
}

// Owner reports whether mode, user or group are others. Of a directory that no
// layer has as a member nothing is known of them.
func (c FileChange) Owner() bool {
	a, b := c.From, c.To
	return a.Layer >= 0 && b.Layer >= 0 &&
		(a.Entry.Mode != b.Entry.Mode || a.Entry.UID != b.Entry.UID || a.Entry.GID != b.Entry.GID)
}

// kind is what a node is. Names of a file are all the same kind: which of them a
// layer has as the link is chance.
func kind(n *file.Node) file.Type {
	if n.Entry.Type == file.Hardlink {
		return file.Regular
	}
	return n.Entry.Type
}

// CompareFiles says how the files of b differ from those of a. When a file was
// changed does not matter: it differs in every build.
func CompareFiles(a, b *file.Node) Files {
	var out Files
	out.descend(a, b)
	out.AddedBytes, out.RemovedBytes = bytesOf(out.Added), bytesOf(out.Removed)
	for _, c := range out.Changed {
		out.ChangedBytes += content(c.To) - content(c.From)
	}
	return out
}

func (f *Files) descend(a, b *file.Node) {
	was, is := byPath(a), byPath(b)
	all := maps.Clone(was)
	maps.Copy(all, is)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		x, y := was[name], is[name]
		switch {
		case y == nil:
			f.Removed = append(f.Removed, below(x)...)
		case x == nil:
			f.Added = append(f.Added, below(y)...)
		default:
			f.both(x, y)
		}
	}
}

// both compares what is at the same path.
func (f *Files) both(a, b *file.Node) {
	c := FileChange{a, b}
	if c.Kind() || !a.IsDir() && c.Content() || c.Owner() {
		f.Changed = append(f.Changed, c)
	}
	if !a.IsDir() && !b.IsDir() {
		return
	}
	f.descend(a, b)
}

func byPath(n *file.Node) map[string]*file.Node {
	out := map[string]*file.Node{}
	for _, c := range n.Children() {
		out[c.Name] = c
	}
	return out
}

// below is a node with all that is in it.
func below(n *file.Node) []*file.Node {
	out := []*file.Node{n}
	n.Walk(func(c *file.Node, _ int) bool {
		out = append(out, c)
		return true
	})
	return out
}

func bytesOf(all []*file.Node) int64 {
	var sum int64
	seen := map[*file.Inode]bool{}
	for _, n := range all {
		if i := n.Inode; i != nil && !seen[i] {
			seen[i] = true
			sum += i.Size
		}
	}
	return sum
}

func content(n *file.Node) int64 {
	if n.Inode == nil {
		return 0
	}
	return n.Inode.Size
}
