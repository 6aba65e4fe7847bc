package diff_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"regatta/model/diff"
	"regatta/model/file"
)

func regular(p string, content byte) file.Entry {
	return file.Entry{Path: p, Mode: 0o644, Size: int64(content), Sum: [16]byte{content}}
}

func root(entries ...file.Entry) *file.Node { return file.Merge([][]file.Entry{entries}).Root }

// said is a comparison in short.
func said(f diff.Files) []string {
	var out []string
	for _, n := range f.Removed {
		out = append(out, "- "+n.Path())
	}
	for _, n := range f.Added {
		out = append(out, "+ "+n.Path())
	}
	for _, c := range f.Changed {
		line := "~ " + c.To.Path()
		if c.Kind() {
			out = append(out, line+" kind")
			continue
		}
		if c.Content() {
			line += " content"
		}
		if c.Owner() {
			line += " owner"
		}
		out = append(out, line)
	}
	return out
}

func TestCompareFiles(t *testing.T) {
	t.Parallel()
	mode := regular("mode", 1)
	mode.Mode = 0o755
	dir := func(p string, gid int) file.Entry { return file.Entry{Path: p, Type: file.Dir, Mode: 0o755, GID: gid} }
	link := func(kind file.Type, p, to string) file.Entry {
		return file.Entry{Path: p, Type: kind, Mode: 0o644, Link: to}
	}
	later := regular("same", 3)
	later.Modified = 1_000
	got := diff.CompareFiles(
		root(regular("same", 3), regular("mode", 1), regular("content", 5), dir("d", 0), regular("d/x", 1), regular("gone/a/b", 7),
			link(file.Symlink, "l", "a"), regular("k", 2), dir("f", 0), regular("f/g", 9), regular("hard", 4), regular("implied/x", 1)),
		root(later, mode, regular("content", 6), dir("d", 1), regular("d/x", 1), regular("d/new", 8),
			link(file.Symlink, "l", "b"), link(file.Symlink, "k", "x"), regular("f", 1), regular("h0", 4), link(file.Hardlink, "hard", "h0"),
			dir("implied", 3), regular("implied/x", 1)),
	)
	want := []string{
		"- f/g", "- gone", "- gone/a", "- gone/a/b", "+ d/new", "+ h0", "~ content content", "~ d owner", "~ f kind", "~ k kind",
		"~ l content", "~ mode owner",
	}
	if d := cmp.Diff(want, said(got)); d != "" {
		t.Error(d)
	}
	if got.AddedBytes != 12 || got.RemovedBytes != 16 || got.ChangedBytes != 1+1-2 {
		t.Errorf("%d added, %d removed, %d changed", got.AddedBytes, got.RemovedBytes, got.ChangedBytes)
	}
}

// The other way round, what was added was removed; nothing differs from itself;
// with what came and without what went, one side has the paths of the other.
func TestCompareFilesProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := func(name string) *file.Node {
			entry := rapid.Custom(func(t *rapid.T) file.Entry {
				p := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 3).Draw(t, "path"), "/")
				e := regular(p, byte(rapid.IntRange(0, 3).Draw(t, "content")))
				e.Type = rapid.SampledFrom([]file.Type{file.Regular, file.Dir, file.Symlink}).Draw(t, "type")
				if e.Type == file.Symlink {
					e.Link = "/nowhere/" + strconv.FormatInt(e.Size, 10)
				}
				return e
			})
			return root(rapid.SliceOf(entry).Draw(t, name)...)
		}
		a, b := some("a"), some("b")
		there, back := diff.CompareFiles(a, b), diff.CompareFiles(b, a)
		if !cmp.Equal(paths(there.Added), paths(back.Removed)) || len(there.Changed) != len(back.Changed) ||
			there.AddedBytes != back.RemovedBytes || there.ChangedBytes != -back.ChangedBytes {
			t.Fatalf("%v\n%v", said(there), said(back))
		}
		if same := said(diff.CompareFiles(a, a)); len(same) > 0 {
			t.Fatalf("it differs from itself: %v", same)
		}
		has := map[string]bool{}
		a.Walk(func(n *file.Node, _ int) bool {
			has[n.Path()] = true
			return true
		})
		for _, n := range there.Removed {
			delete(has, n.Path())
		}
		for _, n := range there.Added {
			if has[n.Path()] {
				t.Fatalf("%s was there", n.Path())
			}
			has[n.Path()] = true
		}
		b.Walk(func(n *file.Node, _ int) bool {
			if !has[n.Path()] {
				t.Fatalf("%s is missing", n.Path())
			}
			delete(has, n.Path())
			return true
		})
		if len(has) > 0 {
			t.Fatalf("%v are too many", has)
		}
	})
}

func paths(all []*file.Node) []string {
	var out []string
	for _, n := range all {
		out = append(out, n.Path())
	}
	return out
}
