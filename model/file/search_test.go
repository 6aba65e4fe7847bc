package file_test

import (
	"fmt"
	"strings"
	"testing"

	"regatta/model/file"
)

func TestFollow(t *testing.T) {
	t.Parallel()
	root := merge(`
		f usr/bin/sh 1
		l bin -> usr/bin
		l sh -> /bin/sh
		l up -> ../../../usr
		l a -> b
		l b -> a
		l self -> self
		l file -> usr/bin/sh
	`).Root
	for p, want := range map[string]string{
		"sh": "usr/bin/sh", "/bin/sh": "usr/bin/sh", "up/bin": "usr/bin", "usr/../bin/./sh": "usr/bin/sh", "../..": "",
		"a": "!", "self": "!", "self/x": "!", "none": "!", "sh/x": "!", "file": "usr/bin/sh", "bin/../bin": "usr/bin",
	} {
		got := "!"
		if n := root.Follow(p); n != nil {
			got = n.Path()
		}
		if got != want {
			t.Errorf("%s leads to %q, not %q", p, got, want)
		}
	}
	if n := root.Find("sh"); n == nil || n.Entry.Type != file.Symlink {
		t.Error("Find follows links")
	}
	if root.Find("bin/sh") != nil || root.Find("/usr//bin/sh") == nil || root.Find("") != root {
		t.Error("Find finds what is not there, or not what is")
	}
}

// Links that branch would lead through 2^60 others.
func TestLinksThatBranchEnd(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	all.WriteString("d d\nl l0 -> d\n")
	for i := range 60 {
		fmt.Fprintf(&all, "l l%d -> l%d/../l%d\n", i+1, i, i)
	}
	im := merge(all.String())
	if im.Root.Follow("l59") != nil {
		t.Error("a path leads through more links than Linux lets it")
	}
	if n := im.Root.Follow("l3"); n != im.Root.Find("d") {
		t.Error("a path does not lead through a few links")
	}
	im = merge(all.String(), "f l60/x 1\nl60/.wh.y\nh z -> l60/x")
	if im.Root.Bytes != 1 {
		t.Errorf("what is below too many links is lost: %v", drawn(im.Root))
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]struct {
		clean string
		odd   bool
	}{
		"a/b": {"a/b", false}, "./a/": {"a", false}, "/etc/x": {"etc/x", false}, ".": {"", false}, "": {"", false}, "//a//b": {"a/b", false},
		"a/../b": {"b", false}, "../a": {"a", true}, "/../../a": {"a", true}, "a/../../b": {"b", true}, "a/../..": {"", true},
		"..a/..": {"", false}, "a\x00b": {"a\x00b", false},
	} {
		if clean, odd := file.Place(in); clean != want.clean || odd != want.odd {
			t.Errorf("Place(%q) = %q, %v", in, clean, odd)
		}
	}
}

func FuzzPlace(f *testing.F) {
	for _, s := range []string{"a/../..", "/../x", "./", "a//b", "\x00", ".wh.a", "..."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean, _ := file.Place(s)
		if strings.HasPrefix(clean, "/") {
			t.Fatalf("%q is absolute", clean)
		}
		for part := range strings.SplitSeq(clean, "/") {
			if clean != "" && (part == "" || part == "." || part == "..") {
				t.Fatalf("Place(%q) = %q", s, clean)
			}
		}
		if again, odd := file.Place(clean); again != clean || odd {
			t.Fatalf("Place(%q) = %q, again %q %v", s, clean, again, odd)
		}
		file.Merge([][]file.Entry{{{Path: clean}}, {{Path: clean, Type: file.Symlink, Link: s}, {Path: "x/" + clean, Type: file.Hardlink, Link: s}}})
	})
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		glob, path string
		want       bool
	}{
		{"*.so", "usr/lib/x.so", true},
		{"*.so", "x.so/a", false},
		{"etc", "etc", true},
		{"etc", "usr/etc", true},
		{"/etc", "usr/etc", false},
		{"/etc", "etc", true},
		{"etc/*", "etc/a", true},
		{"etc/*", "etc/a/b", false},
		{"etc/*", "usr/etc/a", false},
		{"etc/**", "etc/a/b", true},
		{"etc/**", "etc", true},
		{"**/a", "a", true},
		{"**/a", "x/y/a", true},
		{"**/a", "x/a/b", false},
		{"**/a/**", "x/a/b", true},
		{"usr/**/lib/*.so", "usr/a/lib/lib/x.so", true},
		{"usr/**/lib/*.so", "usr/lib/x/y.so", false},
		{"[", "[", false},
		{"a?c", "abc", true},
		{"**", "a", false},
		{"/**", "a/b", true},
		{"a/**/b/**/c", "a/b/c", true},
		{"a/**/b/**/c", "a/c/b", false},
	} {
		if c.glob == "**" {
			c.want = true // within one name ** is *
		}
		if got := file.Match(c.glob, c.path); got != c.want {
			t.Errorf("Match(%q, %q) = %v", c.glob, c.path, got)
		}
	}
	deep, glob := strings.Repeat("a/", 2000)+"x", strings.Repeat("**/a/", 200)+"y"
	if file.Match(glob, deep) {
		t.Error("a deep path fits what it does not end with") // and does so before the test times out
	}
}

func TestCheckGlob(t *testing.T) {
	t.Parallel()
	for glob, ok := range map[string]bool{"*.so": true, "etc/**": true, "[a-z]": true, "[": false, "a[/]b": false, `a\`: false} {
		if err := file.CheckGlob(glob); (err == nil) != ok {
			t.Errorf("%s: %v", glob, err)
		}
	}
}

func TestPerm(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]file.Entry{
		"-rw-r--r--": {Mode: 0o644}, "drwxr-xr-x": {Mode: 0o755, Type: file.Dir}, "-rwsr-xr-x": {Mode: 0o4755}, "drwxrwxrwt": {Mode: 0o1777, Type: file.Dir},
		"-rwSr-S--T": {Mode: 0o7640}, "brw-rw----": {Mode: 0o660, Type: file.Block}, "?---------": {Type: file.Other},
		"lrwxrwxrwx": {Mode: 0o777, Type: file.Symlink}, "crw-------": {Mode: 0o600, Type: file.Char}, "-rwxr-xr-x": {Mode: 0o755, Type: file.Hardlink},
		"prw-------": {Mode: 0o600, Type: file.Fifo},
	} {
		if got := e.Perm(); got != want {
			t.Errorf("%+v is %s, not %s", e, got, want)
		}
	}
	if n := (file.Entry{Path: "a\x1b[31mb\n"}).Name(); strings.ContainsAny(n, "\x1b\n") {
		t.Errorf("a name is not safe: %q", n)
	}
}
