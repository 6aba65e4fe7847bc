package file_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"regatta/model/file"
)

// layers draws a few layers of a few paths without symbolic links.
func layers(t *rapid.T) [][]file.Entry {
	name := rapid.SampledFrom([]string{"a", "b", "c"})
	p := rapid.Map(rapid.SliceOfN(name, 1, 3), func(s []string) string { return strings.Join(s, "/") })
	entry := rapid.Custom(func(t *rapid.T) file.Entry {
		e := file.Entry{Path: p.Draw(t, "path"), Mode: 0o644}
		dir, base := "", e.Path
		if i := strings.LastIndex(e.Path, "/"); i >= 0 {
			dir, base = e.Path[:i+1], e.Path[i+1:]
		}
		switch rapid.IntRange(0, 6).Draw(t, "kind") {
		case 0, 1:
			e.Size = int64(rapid.IntRange(0, 9).Draw(t, "size"))
		case 2:
			e.Type = file.Dir
		case 3:
			e.Type, e.Link = file.Hardlink, p.Draw(t, "link")
		case 4:
			e.Path = dir + ".wh." + base
		case 5:
			e.Path = dir + ".wh..wh..opq"
		case 6:
			e.Type = file.Fifo
		}
		return e
	})
	return rapid.SliceOfN(rapid.SliceOfN(entry, 0, 8), 0, 4).Draw(t, "layers")
}

// simple is an image as a map of paths.
type simple map[string]thing

type thing struct {
	kind file.Type
	id   int // of its content, counted over all regular files
}

func (s simple) drop(p string, itself bool) {
	maps.DeleteFunc(s, func(k string, _ thing) bool {
		return itself && k == p || strings.HasPrefix(k, p+"/") || p == "" && !itself
	})
}

func (s simple) apply(entries []file.Entry, id *int) {
	for _, e := range entries {
		switch of, all, ok := e.Whiteout(); {
		case ok && !all:
			s.drop(of, true)
		case ok && (of == "" || s[of].kind == file.Dir):
			s.drop(of, false)
		}
	}
	for _, e := range entries {
		if _, _, ok := e.Whiteout(); ok {
			continue
		}
		for i, c := range e.Path {
			if over, ok := s[e.Path[:i]]; c == '/' && (!ok || over.kind != file.Dir) {
				s[e.Path[:i]] = thing{kind: file.Dir}
			}
		}
		now := thing{kind: e.Type}
		if e.Type == file.Regular {
			*id++
			now.id = *id
		}
		if e.Type == file.Hardlink {
			now.id = s[e.Link].id
		}
		if e.Type != file.Dir {
			s.drop(e.Path, true)
		}
		s[e.Path] = now
	}
}

func TestMergingIsWhatASimpleModelDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := layers(t)
		want, id := simple{}, 0
		for _, l := range all {
			want.apply(l, &id)
		}
		im := file.Merge(all)
		got, ids := simple{}, map[*file.Inode]int{}
		im.Root.Walk(func(n *file.Node, _ int) bool {
			if n.Parent == nil || n.Parent.Find(n.Name) != n || im.Root.Find(n.Path()) != n {
				t.Fatalf("%s is not where it says", n.Path())
			}
			th := thing{kind: n.Entry.Type}
			if n.Inode != nil {
				th.id = want[n.Path()].id
				if before, ok := ids[n.Inode]; ok && before != th.id {
					t.Fatalf("%s shares its content with another file", n.Path())
				}
				ids[n.Inode] = th.id
			}
			got[n.Path()] = th
			return true
		})
		if !maps.Equal(want, got) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
		distinct := map[int]bool{}
		for _, n := range ids {
			if distinct[n] {
				t.Fatalf("two contents are one: %v", ids)
			}
			distinct[n] = true
		}
	})
}

func TestBytesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		im := file.Merge(layers(t))
		var wasted int64
		for _, w := range im.Waste {
			wasted += w.Bytes
			if w.Gone != (im.Root.Find(w.Path) == nil) || w.Bytes == 0 || w.Copies < len(w.Layers) || !slices.IsSorted(w.Layers) {
				t.Fatalf("%+v", w)
			}
		}
		if wasted != im.Wasted || im.Stored != im.Root.Bytes+im.Wasted {
			t.Fatalf("%d stored, %d seen, %d wasted, %d by path", im.Stored, im.Root.Bytes, im.Wasted, wasted)
		}
		var below, inLayers int64
		seen := map[*file.Inode]bool{}
		files := 0
		im.Root.Walk(func(n *file.Node, _ int) bool {
			if !n.IsDir() {
				files++
			}
			if n.Inode != nil && !seen[n.Inode] {
				seen[n.Inode] = true
				below += n.Inode.Size
			}
			if n.IsDir() {
				var sum int64
				for _, c := range n.Children() {
					sum += c.Bytes
				}
				if sum != n.Bytes {
					t.Fatalf("%s has %d bytes, and %d in it", n.Path(), n.Bytes, sum)
				}
			}
			return true
		})
		if below != im.Root.Bytes || files != im.Root.Files {
			t.Fatalf("%d bytes of %d files, not %d of %d", im.Root.Bytes, im.Root.Files, below, files)
		}
		for _, l := range im.Layers {
			inLayers += l.Bytes
		}
		if inLayers > im.Stored { // less only where a layer stores a path twice
			t.Fatalf("the layers show %d bytes of %d", inLayers, im.Stored)
		}
	})
}

// What a layer is said to change is how the image differs from the one without it.
func TestChangesAreTheDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := layers(t)
		if len(all) == 0 || torn(all[len(all)-1]) {
			return
		}
		before, after := file.Merge(all[:len(all)-1]).Root, file.Merge(all)
		after.Layers[len(all)-1].Walk(func(n *file.Node, _ int) bool {
			was, is := before.Find(n.Path()) != nil, after.Root.Find(n.Path()) != nil
			want := map[file.Change][2]bool{
				file.Unchanged: {true, true}, file.Added: {false, true}, file.Modified: {true, true}, file.Removed: {true, false},
			}[n.Change]
			if was != want[0] || is != want[1] {
				t.Fatalf("%s is marked %d: there before: %v, after: %v", n.Path(), n.Change, was, is)
			}
			return true
		})
		after.Root.Walk(func(n *file.Node, _ int) bool {
			if before.Find(n.Path()) == nil && after.Layers[len(all)-1].Find(n.Path()) == nil {
				t.Fatalf("%s came, and no layer says so", n.Path())
			}
			return true
		})
		before.Walk(func(n *file.Node, _ int) bool {
			at := after.Layers[len(all)-1].Find(n.Path())
			if after.Root.Find(n.Path()) == nil && at == nil && !covered(after.Root, n) {
				t.Fatalf("%s went, and no layer says so", n.Path())
			}
			return true
		})
	})
}

// torn reports whether a layer has something as a directory and as something
// else: what it changes is a matter of taste then.
func torn(layer []file.Entry) bool {
	for _, e := range layer {
		if e.Type == file.Dir {
			continue
		}
		if slices.ContainsFunc(layer, func(o file.Entry) bool {
			return o.Path == e.Path && o.Type == file.Dir || strings.HasPrefix(o.Path, e.Path+"/")
		}) {
			return true
		}
	}
	return false
}

// covered reports whether something that is no directory took the place of one
// above the node.
func covered(root, n *file.Node) bool {
	for at := n.Parent; at != nil; at = at.Parent {
		if now := root.Find(at.Path()); now != nil && !now.IsDir() {
			return true
		}
	}
	return false
}
