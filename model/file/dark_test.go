package file_test

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"regatta/model/file"
)

// read makes layers of lines, of which "?" is one that could not be read.
func read(tb testing.TB, layers ...string) file.Image {
	tb.Helper()
	var all []file.Layer
	for _, l := range layers {
		if l == "?" {
			all = append(all, file.Layer{Unread: true})
			continue
		}
		all = append(all, file.Layer{Entries: members(l)})
	}
	im, err := file.MergeRead(tb.Context(), all)
	if err != nil {
		tb.Fatal(err)
	}
	return im
}

// says is what an image says of a path: the layer that it is of, "none", or "?".
func says(im file.Image, p string) string {
	switch n, known := im.At(p); {
	case !known:
		return "?"
	case n == nil:
		return "none"
	case n.IsDir():
		return "dir"
	default:
		return strconv.Itoa(n.Layer)
	}
}

func TestBelowALayerThatWasNotReadNothingIsKnown(t *testing.T) {
	t.Parallel()
	const base = "d etc\nf etc/passwd 3\nf etc/secret 9\nf bin/sh 5\nl lib -> usr/lib\nf usr/lib/x 1"
	for name, c := range map[string]struct {
		layers []string
		want   string
	}{
		"it is the highest":            {[]string{base, "?"}, "etc:? etc/passwd:? nowhere:? bin/sh:?"},
		"it is the lowest":             {[]string{"?", "d etc\nf etc/passwd 3"}, "etc:dir etc/passwd:1 etc/secret:? nowhere:? etc/passwd/x:none"},
		"a layer stores a file":        {[]string{base, "?", "f etc/passwd 4"}, "etc/passwd:2 etc/secret:?"},
		"a layer takes a file away":    {[]string{base, "?", "d etc\netc/.wh.secret"}, "etc/secret:none etc/passwd:?"},
		"one that is no member":        {[]string{base, "?", "etc/.wh.secret"}, "etc/secret:? etc/passwd:? secret:?"},
		"a directory goes":             {[]string{base, "?", ".wh.etc"}, "etc:none etc/passwd:none bin/sh:?"},
		"a directory goes and comes":   {[]string{base, "?", ".wh.etc\nd etc\nf etc/new 1"}, "etc/new:2 etc/passwd:none bin/sh:?"},
		"a directory is emptied":       {[]string{base, "?", "d etc\netc/.wh..wh..opq\nf etc/new 1"}, "etc/new:2 etc/passwd:none bin/sh:?"},
		"one that is no member either": {[]string{base, "?", "etc/.wh..wh..opq\nf etc/new 1"}, "etc/new:2 etc/passwd:? bin/sh:?"},
		"emptied, and nothing in it":   {[]string{base, "?", "d etc\netc/.wh..wh..opq"}, "etc/passwd:none bin/sh:?"},
		"all is emptied":               {[]string{base, "?", ".wh..wh..opq\nf new 1"}, "etc:none new:2"},
		"a file over a directory":      {[]string{base, "?", "f etc 1"}, "etc:2 etc/passwd:none"},
		"a directory over that":        {[]string{base, "?", "f etc 1", "d etc"}, "etc:dir etc/passwd:none"},
		"a link that is settled":       {[]string{base, "?", "d usr\nd usr/lib\nf usr/lib/y 2\nl lib -> usr/lib"}, "lib/y:2 lib/x:?"},
		"a link to what is unknown":    {[]string{base, "?", "l a -> etc/passwd\nl b -> ../bin"}, "a:? b:? b/sh:?"},
		"a hard link to that":          {[]string{base, "?", "h a -> etc/passwd"}, "a:?"},
		"a hard link to what is known": {[]string{base, "?", "f x 1\nh a -> x"}, "a:2"},
		"up from what may be a link":   {[]string{base, "?", "f app/main 1"}, "app/main:2 app/../app/main:?"},
		"up from a directory":          {[]string{base, "?", "d app\nf app/main 1"}, "app/../app/main:2"},
		"two are not read":             {[]string{base, "?", "f etc/passwd 4", "?", "f bin/sh 1"}, "etc/passwd:? bin/sh:4"},
		"through what may be a link":   {[]string{base, "?", "d x\nf x/main 1", "f app/main 1"}, "app/main:3 x/main:?"},
		"away through such a link":     {[]string{base, "?", "d x\nf x/main 1\nf x/else 1", "app/.wh.main"}, "app/main:? x/main:? x/else:2"},
		"emptied through such a link":  {[]string{base, "?", "d x\nf x/main 1", "app/.wh..wh..opq"}, "x/main:?"},
		"a directory over such a link": {[]string{base, "?", "f app/main 1", "d app"}, "app:dir app/main:?"},
		"a file below such a link": {
			[]string{base, "?", "d x\nd x/y\nf x/y/z 1", "f app/y 1"}, "x/y:? x/y/z:? app/y:3",
		},
		"up out of such a link": {[]string{base, "?", "f app/main 1\nf main 2", "l to -> app/..\nf to/main 1"}, "main:? app/main:?"},
	} {
		im := read(t, c.layers...)
		for one := range strings.FieldsSeq(c.want) {
			p, want, _ := strings.Cut(one, ":")
			if got := says(im, p); got != want {
				t.Errorf("%s: %s is %s, want %s", name, p, got, want)
			}
		}
	}
}

// What a layer that was not read may show again is not wasted for sure.
func TestWasteBelowALayerThatWasNotRead(t *testing.T) {
	t.Parallel()
	im := read(t, "f a 10\nf b 3", "f a 20", "?", "f a 5\nf c 1", ".wh.c")
	want := []file.Waste{{Path: "a", Bytes: 10, Copies: 1, Layers: []int{0}}, {Path: "c", Bytes: 1, Copies: 1, Layers: []int{3}, Gone: true}}
	if !slices.EqualFunc(im.Waste, want, func(a, b file.Waste) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
		t.Errorf("%+v", im.Waste)
	}
	if im.Complete() || im.Stored != 39 || im.Wasted != 11 || im.Root.Bytes != 5 || !slices.Equal(im.Unread, []int{2}) {
		t.Errorf("%+v", im)
	}
	if got := drawn(im.Layers[3]); !slices.Equal(got, []string{"? a 5", "? c 1"}) {
		t.Errorf("layer 4 changes %q", got)
	}
	im = read(t, "f a 10", "?", "d etc\netc/.wh.secret\nf etc/x 1")
	if got := drawn(im.Layers[2]); !slices.Equal(got, []string{"? etc/ 1", "- etc/secret", "? etc/x 1"}) {
		t.Errorf("layer 3 changes %q", got)
	}
	if n := im.Layers[2].Find("etc/secret"); !n.Unknown() || n.Entry.Type != file.Other {
		t.Errorf("%+v", n)
	}
}

func TestWhole(t *testing.T) {
	t.Parallel()
	im := read(t, "f a 1", "?", "d etc\nd etc/new\nf etc/new/x 1\nd app\napp/.wh..wh..opq\nf app/y 2\nd odd\nodd/.wh..wh..opq\nh odd/h -> gone")
	for p, want := range map[string]bool{"": false, "etc": false, "etc/new": false, "etc/new/x": true, "app": true, "app/y": true, "odd": false, "odd/h": false} {
		if n := im.Root.Find(p); n == nil || im.Whole(n) != want {
			t.Errorf("%q is whole: %v", p, !want)
		}
	}
}

func TestMergingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	cancel(enough)
	if _, err := file.MergeRead(ctx, []file.Layer{{Entries: members("f a 1")}}); !errors.Is(err, enough) {
		t.Error(err)
	}
}

// Whatever a layer that was not read held, what is told without it is right.
func TestWhatIsToldWithoutALayerIsTrue(t *testing.T) {
	t.Parallel()
	name := rapid.SampledFrom([]string{"a", "b", "c"})
	p := rapid.Map(rapid.SliceOfN(name, 1, 3), func(s []string) string { return strings.Join(s, "/") })
	link := rapid.OneOf(p, rapid.Map(p, func(s string) string { return "../" + s }), rapid.Just(".."), rapid.Just("/"))
	entry := rapid.Custom(func(t *rapid.T) file.Entry {
		e := file.Entry{Path: p.Draw(t, "path"), Mode: 0o644, Size: 1}
		dir, base := "", e.Path
		if i := strings.LastIndex(e.Path, "/"); i >= 0 {
			dir, base = e.Path[:i+1], e.Path[i+1:]
		}
		switch rapid.IntRange(0, 7).Draw(t, "kind") {
		case 0, 1:
		case 2, 3:
			e.Type = file.Dir
		case 4:
			e.Type, e.Link = file.Symlink, link.Draw(t, "to")
		case 5:
			e.Type, e.Link = file.Hardlink, p.Draw(t, "of")
		case 6:
			e.Path = dir + ".wh." + base
		case 7:
			e.Path = dir + ".wh..wh..opq"
		}
		return e
	})
	layer := rapid.SliceOfN(entry, 0, 7)
	asked := rapid.OneOf(p, rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ".."}), 1, 5), func(s []string) string { return strings.Join(s, "/") }))
	told := 0
	rapid.Check(t, func(t *rapid.T) {
		var all []file.Layer
		var truth [][]file.Entry
		for range rapid.IntRange(2, 5).Draw(t, "layers") {
			l := file.Layer{Entries: layer.Draw(t, "layer")}
			truth = append(truth, slices.Clone(l.Entries))
			if rapid.IntRange(0, 2).Draw(t, "unread") == 0 {
				l = file.Layer{Unread: true}
			}
			all = append(all, l)
		}
		got, err := file.MergeRead(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		if odd(truth) {
			return
		}
		want := file.Merge(truth)
		for _, p := range rapid.SliceOfN(asked, 20, 40).Draw(t, "asked") {
			n, known := got.At(p)
			if !known {
				if got.Complete() {
					t.Fatalf("%s is unknown though all was read", p)
				}
				continue
			}
			told++
			is := want.Root.Follow(p)
			if (n == nil) != (is == nil) || n != nil && (n.IsDir() != is.IsDir() || !n.IsDir() && (n.Layer != is.Layer || n.Entry.Type != is.Entry.Type || content(n) != content(is))) {
				t.Fatalf("%s is %s of layer %+v, not %+v", p, says(got, p), n, is)
			}
		}
		if got.Wasted > want.Wasted {
			t.Fatalf("%d bytes are wasted, not %d", got.Wasted, want.Wasted)
		}
		got.Root.Walk(func(n *file.Node, _ int) bool {
			dir, base := path.Split(n.Path())
			if in := want.Root.Follow(dir); in == nil || in.Find(base) == nil {
				t.Fatalf("%s is listed and not there", n.Path())
			}
			if n.IsDir() && got.Whole(n) {
				if is := want.Root.Follow(n.Path()); strings.Join(below(n), " ") != strings.Join(below(is), " ") {
					t.Fatalf("%s has %v, not %v", n.Path(), below(n), below(is))
				}
			}
			return true
		})
	})
	if told == 0 {
		t.Error("nothing was told")
	}
}

// odd reports whether a layer puts something through what is no directory, or has
// members that hide each other.
func odd(layers [][]file.Entry) bool {
	for i, l := range layers {
		all := file.Merge(layers[:i+1]).Root
		last := map[string]file.Entry{}
		var before []file.Entry // whiteouts come first, wherever they stand
		for _, e := range l {
			if _, _, white := e.Whiteout(); white {
				before = append(before, e)
			}
		}
		for j, e := range l {
			if _, _, white := e.Whiteout(); white {
				continue
			}
			last[e.Path] = e
			root := file.Merge(append(slices.Clone(layers[:i]), slices.Concat(before, l[:j]))).Root
			in := root
			for part := range strings.SplitSeq(e.Path[:max(0, strings.LastIndex(e.Path, "/"))], "/") {
				at := in.Find(part)
				if at == nil {
					break
				}
				if in = root.Follow(at.Path()); in == nil || !in.IsDir() {
					return true
				}
			}
		}
		for p, e := range last {
			dir, base := path.Split(p)
			in := all.Follow(dir)
			if in == nil {
				return true
			}
			at := in.Find(base)
			if at == nil || !at.IsDir() && at.Layer != i || at.IsDir() != (e.Type == file.Dir) || e.Type == file.Regular && (at.Inode == nil || at.Inode.Path != p) || e.Type == file.Symlink && at.Entry.Link != e.Link {
				return true
			}
		}
	}
	return false
}

// content tells the contents of files apart.
func content(n *file.Node) string {
	if n.Inode == nil {
		return ""
	}
	return fmt.Sprint(n.Inode.Layer, n.Inode.Path)
}

// below is what is in a directory, as paths from there.
func below(dir *file.Node) []string {
	var out []string
	dir.Walk(func(n *file.Node, depth int) bool {
		out = append(out, fmt.Sprint(depth, n.Name, content(n)))
		return true
	})
	return out
}
