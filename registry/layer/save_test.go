package layer_test

import (
	"archive/tar"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"regatta/model/fault"
	"regatta/model/file"
	"regatta/model/image"
)

// disk is a directory's files with their content, links with their targets.
func disk(tb rapid.TB, dir string) map[string]string {
	tb.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, e os.DirEntry, err error) error {
		if err != nil || p == dir {
			return err
		}
		name := strings.TrimPrefix(p, dir+"/")
		switch {
		case e.IsDir():
			out[name] = "dir"
		case e.Type()&os.ModeSymlink != 0:
			out[name], err = os.Readlink(p)
		default:
			var raw []byte
			raw, err = os.ReadFile(p)
			out[name] = string(raw)
		}
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

func TestSave(t *testing.T) {
	t.Parallel()
	s := newShelf()
	layers := []image.Descriptor{
		s.put(gz(t, archive(t, reg("app/a", "old"), reg("app/b", "b"), member("app/hard", tar.TypeLink, "app/b"), reg("else", "x")))),
		s.put(zst(t, archive(t, reg("app/a", "new"), member("app/in", tar.TypeSymlink, "a"), member("app/out", tar.TypeSymlink, "../../etc/passwd"),
			member("app/abs", tar.TypeSymlink, "/etc/passwd"), member("app/dev", tar.TypeChar, ""), reg("app/../../../app/odd", "odd"),
			reg("app/twice", "first"), reg("app/twice", "later")))),
	}
	r := s.reader()
	var lists [][]file.Entry
	for _, d := range layers {
		l, err := r.List(t.Context(), d, nil)
		if err != nil {
			t.Fatal(err)
		}
		lists = append(lists, l)
	}
	img := file.Merge(lists)
	dir := filepath.Join(t.TempDir(), "to")
	got, err := r.Save(t.Context(), layers, img.Root.Find("app"), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"app": "dir", "app/a": "new", "app/b": "b", "app/hard": "b", "app/in": "a", "app/twice": "later"}
	if d := cmp.Diff(want, disk(t, dir)); d != "" {
		t.Error(d)
	}
	if got.Files != 4 || got.Links != 1 || len(got.Left) != 4 {
		t.Errorf("%+v", got)
	}
	if _, err := r.Save(t.Context(), layers, img.Root.Find("app/a"), dir, nil); err != nil {
		t.Error(err) // a file alone goes under its own name, beside app
	}
	if _, err := r.Save(t.Context(), layers, img.Root.Find("app/a"), dir, nil); err == nil {
		t.Error("a file was replaced")
	}
	if head, err := r.Head(t.Context(), layers[0], img.Root.Find("app/hard").Inode, 10); err != nil || string(head) != "b" {
		t.Errorf("%q: %v", head, err)
	}
	if err := os.Symlink("/", filepath.Join(dir, "root")); err != nil {
		t.Fatal(err)
	}
	trap := file.Merge([][]file.Entry{{{Path: "root/tmp/regatta-escaped", Type: file.Regular, Size: 1}}})
	if _, err := r.Save(t.Context(), layers, trap.Root.Find("root"), dir, nil); err == nil {
		t.Error("it went through a link that leads outside")
	}
}

// Content that is not what the list says is taken back.
func TestSaveConfirms(t *testing.T) {
	t.Parallel()
	s := newShelf()
	d := s.put(archive(t, reg("a", "content")))
	list, err := s.reader().List(t.Context(), d, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.blobs[d.Digest] = archive(t, reg("a", "CONTENT"))
	dir := t.TempDir()
	img := file.Merge([][]file.Entry{list})
	if _, err := s.reader().Save(t.Context(), []image.Descriptor{d}, img.Root.Find("a"), dir, nil); !fault.Is(err, fault.Corrupt) {
		t.Errorf("error %v", err)
	}
	if left := disk(t, dir); len(left) > 0 {
		t.Errorf("there is %v", left)
	}
}

// A path is saved as deep as there is a limit for, and what lies below that is named
// once: every directory costs a look at all above it.
func TestSaveIsNotEndlesslyDeep(t *testing.T) {
	t.Parallel()
	s := newShelf()
	at := func(n int) string { return strings.TrimSuffix(strings.Repeat("d/", n), "/") }
	long := strings.Repeat("x", 5000)
	d := s.put(gz(t, archive(t, folder("d"), reg("d/top", "top"), reg(at(256)+"/last", "last"), reg(at(3000)+"/f", "deep"), link("d/long", long),
		link("d/round", strings.Repeat("d/../", 600)+"top"))))
	r := s.reader()
	l, err := r.List(t.Context(), d, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	got, err := r.Save(t.Context(), []image.Descriptor{d}, file.Merge([][]file.Entry{l}).Root, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"d/top": "top", at(256) + "/last": "last"} {
		if raw, err := os.ReadFile(filepath.Join(dir, name)); string(raw) != want {
			t.Errorf("%d deep: %q, %v", strings.Count(name, "/"), raw, err)
		}
	}
	left := map[string]string{}
	for _, one := range got.Left {
		left[one.Path] = one.Why
	}
	if len(left) != 3 || !strings.Contains(left[at(257)], "deeper than 256 directories") || !strings.Contains(left["d/long"], "4,095 bytes") || left["d/round"] == "" {
		t.Errorf("%+v", got)
	}
}

// A name that no file system takes is left out, with all below it; the rest is saved.
func TestSaveLeavesLongNamesOut(t *testing.T) {
	t.Parallel()
	s := newShelf()
	long, fits := strings.Repeat("n", 256), strings.Repeat("n", 255)
	d := s.put(gz(t, archive(t, reg(long, "x"), reg(long+"s/below", "x"), reg(fits, "fits"), link("to-"+long, "z"), reg("z", "last"))))
	l, err := s.reader().List(t.Context(), d, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	got, err := s.reader().Save(t.Context(), []image.Descriptor{d}, file.Merge([][]file.Entry{l}).Root, dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(map[string]string{fits: "fits", "z": "last"}, disk(t, dir)); d != "" {
		t.Error(d)
	}
	if len(got.Left) != 3 || !strings.Contains(got.Left[0].Why, "longer than 255 bytes") || got.Files != 2 || got.Links != 0 {
		t.Errorf("%+v", got)
	}
}
