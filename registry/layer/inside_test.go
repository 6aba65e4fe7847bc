package layer_test

import (
	"archive/tar"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"regatta/model/file"
	"regatta/model/image"
)

// saveAll saves the files of one layer to a directory.
func saveAll(tb testing.TB, dir string, members ...tar.Header) (left []string) {
	tb.Helper()
	s := newShelf()
	d := s.put(archive(tb, members...))
	list, err := s.reader().List(tb.Context(), d, nil)
	if err != nil {
		tb.Fatal(err)
	}
	got, err := s.reader().Save(tb.Context(), []image.Descriptor{d}, file.Merge([][]file.Entry{list}).Root, dir, nil)
	if err != nil {
		tb.Fatal(err)
	}
	for _, l := range got.Left {
		left = append(left, l.Path)
	}
	return left
}

func link(name, to string) tar.Header { return member(name, tar.TypeSymlink, to) }

func folder(name string) tar.Header { return member(name, tar.TypeDir, "") }

// A link leads inside through the links that were saved before it, and through what
// was there before.
func TestLinksLeadInside(t *testing.T) {
	t.Parallel()
	chain := "a/b/" + strings.Repeat("../a/b/", 30) + strings.Repeat("../", 60) + "etc/hostname"
	for name, c := range map[string]struct {
		there   map[string]string // links that are at the destination
		members []tar.Header
		left    string
	}{
		"a plain one":                    {members: []tar.Header{reg("x", "x"), link("l", "x")}},
		"out":                            {members: []tar.Header{link("l", "../x")}, left: "l"},
		"absolute":                       {members: []tar.Header{link("l", "/x")}, left: "l"},
		"down and up":                    {members: []tar.Header{reg("a/x", "x"), link("l", "a/../a/x")}},
		"down, and up too often":         {members: []tar.Header{reg("a/x", "x"), link("l", "a/../../a/x")}, left: "l"},
		"to the top itself":              {members: []tar.Header{folder("a"), link("a/b", "..")}},
		"through a link up":              {members: []tar.Header{folder("a"), link("a/b", ".."), link("motd", "a/b/../x")}, left: "motd"},
		"a chain":                        {members: []tar.Header{folder("a"), link("a/b", ".."), link("motd", chain)}, left: "motd"},
		"a chain that stays":             {members: []tar.Header{folder("a"), link("a/b", ".."), link("motd", strings.Repeat("a/b/", 20)+"x")}},
		"a chain of more than forty":     {members: []tar.Header{folder("a"), link("a/b", ".."), link("motd", strings.Repeat("a/b/", 50)+"x")}, left: "motd"},
		"up from what comes later":       {members: []tar.Header{folder("z"), link("a", "z/b/../../x"), link("z/b", "..")}, left: "a"},
		"through what comes later":       {members: []tar.Header{folder("z"), link("a", "z/b/x"), link("z/b", "..")}},
		"to nothing":                     {members: []tar.Header{link("l", "none/of/these")}},
		"in a circle":                    {members: []tar.Header{link("a", "b"), link("b", "a")}},
		"another name of a link":         {members: []tar.Header{reg("x", "x"), folder("a"), link("a/l", "../x"), member("h", tar.TypeLink, "a/l")}, left: "h"},
		"through one that leads out":     {map[string]string{"root": "/"}, []tar.Header{link("l", "root/etc/hostname")}, "l"},
		"through one that leads out, up": {map[string]string{"up": "../.."}, []tar.Header{link("l", "up/x")}, "l"},
		"through one that leads in":      {map[string]string{"in": "."}, []tar.Header{link("l", "in/x")}, ""},
		"in a directory that is a link":  {map[string]string{"a": "b/c", "b/c/": ""}, []tar.Header{folder("a"), link("a/l", "../../x"), link("a/m", "../../../x")}, "a/m"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			furnishWith(t, dir, c.there)
			if left := strings.Join(saveAll(t, dir, c.members...), " "); left != c.left {
				t.Errorf("left out are %q, not %q", left, c.left)
			}
			if out := outside(t, dir, c.there); len(out) > 0 {
				t.Errorf("%v lead outside", out)
			}
		})
	}
}

// furnishWith makes links, and directories of names with a slash at the end.
func furnishWith(tb testing.TB, dir string, links map[string]string) {
	tb.Helper()
	for name := range links {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			tb.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(at, 0o755); err != nil {
				tb.Fatal(err)
			}
		}
	}
	for name, to := range links {
		if strings.HasSuffix(name, "/") {
			continue
		}
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrExist) {
			tb.Fatal(err)
		}
	}
}

// outside are the links below a directory that the kernel follows to what is not
// below it, but for those that were there.
func outside(tb rapid.TB, dir string, but map[string]string) (out []string) {
	tb.Helper()
	top, err := filepath.EvalSymlinks(dir)
	if err != nil {
		tb.Fatal(err)
	}
	for name := range disk(tb, dir) {
		at := filepath.Join(top, name)
		info, err := os.Lstat(at)
		if err != nil {
			tb.Fatal(err)
		}
		if _, was := but[name]; was || info.Mode()&fs.ModeSymlink == 0 {
			continue
		}
		f, err := os.Open(at)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.ENOTDIR) {
			continue
		}
		if err != nil {
			tb.Fatal(err)
		}
		to, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", f.Fd()))
		if err = errors.Join(err, f.Close()); err != nil {
			tb.Fatal(err)
		}
		if to != top && !strings.HasPrefix(to, top+"/") {
			out = append(out, name+" to "+to)
		}
	}
	return out
}

// Whatever links an image has, and whatever is at the destination, nothing that was
// saved leads outside; nor does it once what is missing comes.
func TestNothingThatIsSavedLeadsOutside(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	name := rapid.SampledFrom([]string{"a", "b", "c"})
	place := rapid.Map(rapid.SliceOfN(name, 1, 3), func(s []string) string { return strings.Join(s, "/") })
	part := rapid.SampledFrom([]string{"a", "b", "c", "..", "..", ".", "", "new"})
	to := rapid.Map(rapid.SliceOfN(part, 1, 6), func(s []string) string { return strings.TrimLeft(strings.Join(s, "/"), "/") + "/." })
	kept, tries := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		tries++
		dir := filepath.Join(base, strconv.Itoa(tries), "middle", "inner")
		there := rapid.MapOfN(place, rapid.OneOf(to, rapid.Just("/"), rapid.Just("../..")), 0, 3).Draw(t, "there")
		for _, p := range slices.Sorted(maps(there, nil)) {
			if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, p)), 0o755); err == nil {
				_ = os.Symlink(there[p], filepath.Join(dir, p))
			}
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		before := disk(t, dir)
		var entries []file.Entry
		for range rapid.IntRange(1, 9).Draw(t, "members") {
			e := file.Entry{Path: place.Draw(t, "path"), Type: file.Symlink}
			switch rapid.IntRange(0, 4).Draw(t, "kind") {
			case 0:
				e.Type = file.Dir
			case 1:
				e.Type, e.Link = file.Hardlink, place.Draw(t, "of")
			default:
				e.Link = to.Draw(t, "to")
			}
			entries = append(entries, e)
		}
		got, _ := newShelf().reader().Save(t.Context(), nil, file.Merge([][]file.Entry{entries}).Root, dir, nil)
		kept += got.Links
		if out := outside(t, dir, before); len(out) > 0 {
			t.Fatalf("%v lead outside", out)
		}
		_ = os.Mkdir(filepath.Join(dir, "new"), 0o755) // what was missing comes
		_ = os.MkdirAll(filepath.Join(dir, "a/new"), 0o755)
		if out := outside(t, dir, before); len(out) > 0 {
			t.Fatalf("%v lead outside since something came", out)
		}
	})
	if kept == 0 {
		t.Error("no link was saved")
	}
}
