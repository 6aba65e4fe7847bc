package file_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/file"
)

// members reads entries, one a line: "d path", "f path size", "l path -> to",
// "h path -> to"; a path alone is an empty file.
func members(lines string) []file.Entry {
	var out []file.Entry
	for line := range strings.SplitSeq(strings.TrimSpace(lines), "\n") {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if len(f) == 1 {
			f = []string{"f", f[0]}
		}
		e := file.Entry{Path: f[1], Mode: 0o755, Type: map[string]file.Type{
			"f": file.Regular, "d": file.Dir, "l": file.Symlink, "h": file.Hardlink, "c": file.Char,
		}[f[0]]}
		switch {
		case len(f) == 4:
			e.Link = f[3]
		case len(f) == 3:
			_, _ = fmt.Sscan(f[2], &e.Size)
		}
		out = append(out, e)
	}
	return out
}

func merge(layers ...string) file.Image {
	all := make([][]file.Entry, 0, len(layers))
	for _, l := range layers {
		all = append(all, members(l))
	}
	return file.Merge(all)
}

// drawn is a tree, one path a line: the change, the path, the bytes.
func drawn(root *file.Node) []string {
	var out []string
	root.Walk(func(n *file.Node, _ int) bool {
		line := string(" +~-?"[n.Change]) + " " + n.Path()
		if n.IsDir() {
			line += "/"
		}
		if n.Bytes > 0 {
			line += fmt.Sprint(" ", n.Bytes)
		}
		out = append(out, line)
		return true
	})
	return out
}

func paths(root *file.Node) string {
	var out []string
	root.Walk(func(n *file.Node, _ int) bool {
		out = append(out, n.Path())
		return true
	})
	return strings.Join(out, " ")
}

func TestLayersAreLaidAboveEachOther(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		layers []string
		merged string
		last   []string // what the last layer changed
	}{
		"a file that is stored again": {
			[]string{"d etc\nf etc/a 3\nf etc/b 4", "d etc\nf etc/a 5"}, "etc etc/a etc/b", []string{"  etc/ 5", "~ etc/a 5"},
		},
		"a file that comes": {[]string{"d etc\nf etc/a 3", "f etc/b 1"}, "etc etc/a etc/b", []string{"  etc/ 1", "+ etc/b 1"}},
		"a file that goes":  {[]string{"d etc\nf etc/a 3\nf etc/b 4", "etc/.wh.a"}, "etc etc/b", []string{"  etc/", "- etc/a 3"}},
		"a directory that goes": {
			[]string{"d etc\nf etc/x/a 3\nf etc/x/b 4", "etc/.wh.x"}, "etc", []string{"  etc/", "- etc/x/ 7", "- etc/x/a 3", "- etc/x/b 4"},
		},
		"what goes and is not there": {[]string{"d etc", "etc/.wh.x\n.wh.y\nq/.wh.z"}, "etc", nil},
		"an opaque directory": {
			[]string{"d d\nf d/a 3\nf d/b 4", "d d\nd/.wh..wh..opq\nf d/b 5"}, "d d/b", []string{"  d/ 5", "- d/a 3", "~ d/b 5"},
		},
		"an opaque directory behind its new content": {
			[]string{"d d\nf d/a 3\nf d/b 4", "f d/b 5\nf d/c 1\nd/.wh..wh..opq"},
			"d d/b d/c",
			[]string{"  d/ 6", "- d/a 3", "~ d/b 5", "+ d/c 1"},
		},
		"an opaque root": {[]string{"f a 1\nf b/c 2", ".wh..wh..opq\nf d 3"}, "d", []string{"- a 1", "- b/ 2", "- b/c 2", "+ d 3"}},
		"a whiteout beside the same path": {
			[]string{"f d/a 3\nf d/b 4", "f d/c 1\n.wh.d"}, "d d/c", []string{"~ d/ 1", "- d/a 3", "- d/b 4", "+ d/c 1"},
		},
		"a directory that goes after what is in it": {
			[]string{"f d/a 3\nf d/b 4", "d/.wh.a\n.wh.d"}, "", []string{"- d/ 7", "- d/a 3", "- d/b 4"},
		},
		"the layer's own files are not taken away": {[]string{"d d", "f d/a 1\nd/.wh.a"}, "d d/a", []string{"  d/ 1", "+ d/a 1"}},
		"a file over a directory":                  {[]string{"f d/a 3", "f d 1"}, "d", []string{"~ d 1"}},
		"a directory over a file":                  {[]string{"f d 1", "d d\nf d/a 3"}, "d d/a", []string{"~ d/ 3", "+ d/a 3"}},
		"a file below a file":                      {[]string{"f d 1", "f d/a 3"}, "d d/a", []string{"~ d/ 3", "+ d/a 3"}},
		"a directory over a file over a directory": {
			[]string{"f d/a 3", "f d 1", "d d\nf d/b 1"}, "d d/b", []string{"~ d/ 1", "+ d/b 1"},
		},
		"a directory with another mode": {[]string{"d d\nf d/a 1", "c d"}, "d", []string{"~ d"}},
		"twice in one layer":            {[]string{"f a 1\nf a 2\nd d\nd d"}, "a d", []string{"+ a 2", "+ d/"}},
		"twice in a later layer":        {[]string{"f a 1\nd d", "f a 2\nf a 3\nd d\nd d"}, "a d", []string{"~ a 3", "  d/"}},
		"directories that nobody has":   {[]string{"f a/b/c 1\nd a"}, "a a/b a/b/c", []string{"+ a/ 1", "+ a/b/ 1", "+ a/b/c 1"}},
		"what aufs keeps":               {[]string{"f a 1", "d .wh..wh.plnk\nf .wh..wh.aufs 3"}, "a", nil},
		"whiteouts that lead out":       {[]string{"f a/b/c 1", "a/b/.wh..\na/b/.wh...\n.wh...\n.wh."}, ".wh. a a/b a/b/c", []string{"+ .wh."}},
		"a linked parent": {
			[]string{"d usr/lib\nl lib -> usr/lib\nf usr/lib/a 1", "f lib/b 2\nlib/.wh.a"},
			"lib usr usr/lib usr/lib/b",
			[]string{"  usr/ 2", "  usr/lib/ 2", "- usr/lib/a 1", "+ usr/lib/b 2"},
		},
		"a parent that is linked absolutely, and up": {
			[]string{"d usr/lib\nl x/lib -> ../../../usr/lib\nl y -> /x/lib", "f y/b 2"},
			"usr usr/lib usr/lib/b x x/lib y",
			[]string{"  usr/ 2", "  usr/lib/ 2", "+ usr/lib/b 2"},
		},
		"a parent that is linked nowhere":     {[]string{"l a -> b/c\nf a/f 1"}, "a b b/c b/c/f", []string{"+ a", "+ b/ 1", "+ b/c/ 1", "+ b/c/f 1"}},
		"a parent that is linked in a circle": {[]string{"l a -> b\nl b -> a", "f a/f 1"}, "a a/f b", nil},
		"a link that becomes a directory": {
			[]string{"l lib -> usr/lib\nf usr/lib/a 1", ".wh.lib\nf lib/b 2"}, "lib lib/b usr usr/lib usr/lib/a", []string{"~ lib/ 2", "+ lib/b 2"},
		},
	} {
		im := merge(c.layers...)
		if got := paths(im.Root); got != c.merged {
			t.Errorf("%s: merged: %s, want %s", name, got, c.merged)
		}
		if c.last == nil {
			continue
		}
		if d := cmp.Diff(c.last, drawn(im.Layers[len(im.Layers)-1])); d != "" {
			t.Errorf("%s: the last layer: %s", name, d)
		}
	}
}

func TestADirectoryComesFromTheLayerThatChangedIt(t *testing.T) {
	t.Parallel()
	again, other := members("d d"), members("d d")
	other[0].Mode = 0o700
	im := file.Merge([][]file.Entry{members("d d\nf d/a 1"), again, other, again[:0]})
	if n := im.Root.Find("d"); n.Layer != 2 || n.Change != file.Modified || im.Root.Find("d/a").Parent != n {
		t.Errorf("%+v", n)
	}
	if n := file.Merge([][]file.Entry{members("d d"), again}).Root.Find("d"); n.Layer != 0 {
		t.Errorf("one that is only named again is of layer %d", n.Layer)
	}
	if n := merge("f x/a 1").Root.Find("x"); n.Layer != -1 || !n.IsDir() {
		t.Errorf("one that no layer has: %+v", n)
	}
}

func TestHardLinksCountOnce(t *testing.T) {
	t.Parallel()
	im := merge("f b/x 10\nh a/y -> b/x\nh b/z -> a/y")
	if im.Root.Bytes != 10 || im.Stored != 10 || im.Wasted != 0 || im.Root.Files != 3 {
		t.Errorf("%d bytes of %d files, %d stored, %d wasted", im.Root.Bytes, im.Root.Files, im.Stored, im.Wasted)
	}
	if im.Root.Find("a").Bytes != 10 || im.Root.Find("b").Bytes != 0 {
		t.Errorf("a file counts where its first name is: %v", drawn(im.Root))
	}
	im = merge("f x 10\nh y -> x", ".wh.x")
	if im.Root.Bytes != 10 || im.Wasted != 0 || im.Root.Find("y").Inode.Path != "x" {
		t.Errorf("without its first name: %v, %d wasted", drawn(im.Root), im.Wasted)
	}
	im = merge("f x 10\nh y -> x", ".wh.x\n.wh.y")
	if d := cmp.Diff([]file.Waste{{Path: "x", Bytes: 10, Copies: 1, Layers: []int{0}, Gone: true}}, im.Waste); d != "" {
		t.Error(d)
	}
	im = merge("f x 10\nh y -> x", ".wh.x\nh z -> y")
	if d := cmp.Diff([]string{"- x 10", "+ z"}, drawn(im.Layers[1])); d != "" {
		t.Errorf("a layer stores nothing for a link to what is below: %s", d)
	}
	im = merge("l lib -> usr\nf usr/x 3", "h y -> lib/x\nh n -> nowhere\nh k -> lib")
	if im.Root.Find("y").Inode == nil || im.Root.Find("n").Inode != nil || im.Root.Find("k").Entry.Link != "usr" {
		t.Error("links lead where they should not, or not where they should")
	}
}

func TestWaste(t *testing.T) {
	t.Parallel()
	im := merge("f a 10\nf b 3\nf d/x 5\nempty", "f a 20\n.wh.empty", "f a 1\n.wh.d", "f d/y 2")
	want := []file.Waste{
		{Path: "a", Bytes: 30, Copies: 2, Layers: []int{0, 1}}, {Path: "d/x", Bytes: 5, Copies: 1, Layers: []int{0}, Gone: true},
	}
	if d := cmp.Diff(want, im.Waste); d != "" {
		t.Error(d)
	}
	if im.Wasted != 35 || im.Stored != 41 || im.Root.Bytes != 6 {
		t.Errorf("%d wasted, %d stored, %d seen", im.Wasted, im.Stored, im.Root.Bytes)
	}
	im = merge("l lib -> usr\nf usr/a 3", "f lib/a 4", "f lib/a 5")
	if w := im.Waste; len(w) != 1 || w[0].Path != "usr/a" || w[0].Bytes != 7 || im.Root.Find("usr/a").Inode.Path != "lib/a" {
		t.Errorf("through a link: %+v", w)
	}
	im = merge("f a 10\nf a 10")
	if len(im.Waste) != 1 || im.Waste[0].Copies != 1 {
		t.Errorf("stored twice in one layer: %+v", im.Waste)
	}
}

// BenchmarkMerge merges a hundred thousand files in ten layers, of which half are
// stored again.
func BenchmarkMerge(b *testing.B) {
	var all [][]file.Entry
	for l := range 10 {
		var one []file.Entry
		for i := range 10_000 {
			n := l*5_000 + i
			one = append(one, file.Entry{Path: fmt.Sprintf("usr/lib/d%d/e%d/f%d", n/1000, n/50, n), Size: int64(n)})
		}
		all = append(all, one)
	}
	b.ReportAllocs()
	for b.Loop() {
		file.Merge(all)
	}
}
