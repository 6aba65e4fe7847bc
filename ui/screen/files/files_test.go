package files_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/file"
	"regatta/theme"
	"regatta/ui/kit"
	"regatta/ui/screen/files"
	"regatta/ui/uitest"
)

// shelf is an image that lies in memory.
type shelf struct {
	loaded files.Loaded
	err    error
	slow   time.Duration
	text   map[string]string
	saved  string
	left   []string
	asked  int
}

func (s *shelf) load(ctx context.Context, progress func(total, done int)) (files.Loaded, error) {
	s.asked++
	progress(3_000, 1_000)
	select {
	case <-time.After(s.slow):
	case <-ctx.Done():
		return files.Loaded{}, ctx.Err()
	}
	return s.loaded, s.err
}

func (s *shelf) head(_ context.Context, n *file.Node) ([]byte, error) {
	if t, ok := s.text[n.Path()]; ok {
		return []byte(t), nil
	}
	return nil, &fault.Error{Kind: fault.Corrupt, Op: "read", Object: n.Path()}
}

func (s *shelf) save(ctx context.Context, n *file.Node, dir string, progress func(total, done int)) (files.Report, error) {
	progress(500, 250)
	select {
	case <-time.After(s.slow):
	case <-ctx.Done():
		return files.Report{}, ctx.Err()
	}
	s.saved = n.Path() + " to " + dir
	if dir == "/" {
		return files.Report{}, &fault.Error{Kind: fault.Denied, Op: "write", Object: dir}
	}
	return files.Report{Path: dir + "/" + n.Name, Files: n.Files, Bytes: n.Bytes, Left: s.left}, nil
}

func f(p string, size int64) file.Entry { return file.Entry{Path: p, Mode: 0o644, Size: size} }

func d(p string) file.Entry { return file.Entry{Path: p, Mode: 0o755, Type: file.Dir} }

func image(layers ...[]file.Entry) files.Loaded {
	out := files.Loaded{Image: file.Merge(layers)}
	for i := range layers {
		out.Layers = append(out.Layers, files.Layer{Digest: "sha256:" + "abcdef012345", Size: 1_000, By: fmt.Sprint("RUN step ", i+1)})
	}
	return out
}

// small is an image of three layers.
func small() *shelf {
	return &shelf{
		loaded: image(
			[]file.Entry{
				d("etc"), f("etc/passwd", 1_200), f("etc/secret", 40_000), d("usr"), f("usr/bin/sh", 900_000),
				{Path: "bin", Type: file.Symlink, Mode: 0o777, Link: "usr/bin"},
				{Path: "usr/bin/bash", Type: file.Hardlink, Mode: 0o755, Link: "usr/bin/sh"},
				{Path: "lost", Type: file.Symlink, Mode: 0o777, Link: "/nowhere"},
				{Path: "dev/null", Type: file.Char, Mode: 0o666},
			},
			[]file.Entry{f("etc/passwd", 1_300), f("etc/.wh.secret", 0), f("etc/hosts\x1b[31m", 7)},
			[]file.Entry{f("opt/app.so", 2_000_000)},
		),
		text: map[string]string{"etc/passwd": "root:x:0:0\nbin:\x1b[31mx", "opt/app.so": "\x7fELF\x00\x01", "etc/secret": "token=1"},
	}
}

func perform(t *testing.T, s *shelf, width, height int, act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Width: width, Height: height, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		return files.New(com, files.Wiring{
			Context: catalog.Context{Name: "dev", Host: "registry.example"}, Name: "app:v1 linux/amd64", Load: s.load, Head: s.head, Save: s.save,
		})
	}}, act)
}

// empty is an image without files.
func empty() *shelf { return &shelf{loaded: image()} }

// settle is as long as reading takes.
const settle = time.Second

func TestTree(t *testing.T) {
	t.Parallel()
	perform(t, small(), 80, 24, func(s *uitest.Driver) {
		s.Advance(settle).See("all 3 layers", "app:v1 linux/amd64", "8 files, 2.9 MB", "41 kB wasted", "98.6 % of 2.9 MB of use", "by name")
		s.CursorOn("bin → usr/bin").SeeLine(`  ▾ etc/ +1\.3 kB`).SeeLine(`~ +passwd +1\.3 kB.* 2  -rw-r--r--`).SeeLine(`▾ usr/ +900 kB`)
		s.SeeLine(`bash = usr/bin/sh +900 kB`).SeeLine(`sh +900 kB`).SeeNot("secret", "\x1b").SeeLine(`hosts +7 B`)
		s.Press("enter").CursorOn("▾ bin/") // a link leads where it points to
		s.Press("-").CursorOn("▸ bin/").SeeNot("bash").Press("l").CursorOn("▾ bin/").Press("l").CursorOn("bash").Press("-").CursorOn("▾ bin/")
		s.Press("-", "-").CursorOn("▾ usr/").SeeLine("^ /usr/$").See("drwxr-xr-x  0:0  2 files, 900 kB").Press("j").See("no layer has it").Press("k")
		s.Press("c").See("copied the path usr")
		s.Press("s").CursorOn("▾ usr/").See("by size").SeeLine("SIZE↓").Press("g").CursorOn("▾ opt/")
		s.ClickOn("NAME").See("by name").ClickOn("SIZE").See("by size").ClickOn("NAME").ClickOn("app.so").CursorOn("app.so")
		s.Press("g", "j").CursorOn("▾ dev/").Press("j", "enter").See("nothing in it to read").Press("k", "-").CursorOn("▸ dev/").Press("h").See(uitest.Home)
	})
}

func TestLayers(t *testing.T) {
	t.Parallel()
	perform(t, small(), 100, 30, func(s *uitest.Driver) {
		s.Advance(settle).Press("o").See("layer 1 of 3", "RUN step 1", "+7").CursorOn("bin →").See("secret")
		s.Press("o").See("layer 2 of 3", "RUN step 2", "+1", "~1", "-1", "2 files, 1.3 kB")
		s.SeeLine(`- +secret +40 kB +1 `).SeeLine(`~ +passwd`).SeeLine(`\+ +hosts`).SeeLine(`^▌ +▾ etc/ +1\.3 kB`)
		s.Press("G").CursorOn("secret").Press("enter").See("token=1").See("etc/secret · the first 7 B of 40 kB").Press("esc") // what was removed can be read
		s.Press("o", "o").See("all 3 layers").Press("O").See("layer 3 of 3")
		s.Press("w").See("wasted", "BECAUSE", "most first").SeeLine(`^▌ +etc/secret +40 kB .* 1 +1 +removed`).SeeLine(`etc/passwd +1\.2 kB .* 1 +1 +stored again`)
		s.Press("enter").See("layer 1 of 3").CursorOn("secret")
		s.Press("w", "j", "enter").See("all 3 layers").CursorOn("passwd").Press("w").Press("esc").See("all 3 layers", "by name")
	})
}

func TestFind(t *testing.T) {
	t.Parallel()
	perform(t, small(), 80, 24, func(s *uitest.Driver) {
		s.Advance(settle).Press("/").Type("[").Press("enter").See("does not parse").Press("esc")
		s.Press("/").Type("*s*").Press("enter").See("7 fit *s*").CursorOn("etc/hosts").SeeNot("null").Press("s").CursorOn("opt/app.so").Press("j").CursorOn("usr/")
		s.Press("enter").CursorOn("▾ usr/").See("by size").Press("s")
		s.Press("/").Type("/etc/*").Press("enter").See("2 fit /etc/*").Press("o").See("layer 1 of 3", "2 fit /etc/*", "etc/secret")
		s.Press("G").CursorOn("etc/secret").Press("esc").CursorOn("secret").See("layer 1 of 3", "by name")
		s.Press("/").Type("none").Press("enter").See("No path fits none").Press("/").See("> none").Press("esc", "esc").See("layer 1 of 3", "secret")
	})
}

func TestHead(t *testing.T) {
	t.Parallel()
	perform(t, small(), 80, 24, func(s *uitest.Driver) {
		s.Advance(settle).Press("/").Type("passwd").Press("enter", "enter").See("files › passwd", " root:x:0:0", " bin:x", "the first 21 B of 1.3 kB").Press("esc", "esc")
		s.ClickOn("app.so").CursorOn("app.so").ClickOn("app.so").See("binary", "00000000", "7f 45 4c 46 00 01", "|.ELF..|").Press("esc")
		s.ClickOn("hosts").Press("enter").See("corrupt").Press("r").See("do not use it").Press("esc")
		s.ClickOn("lost").Press("enter").See("leads to nothing")
	})
}

func TestSave(t *testing.T) {
	t.Parallel()
	shelf := small()
	shelf.slow = settle / 2
	perform(t, shelf, 80, 24, func(s *uitest.Driver) {
		s.Advance(settle).ClickOn("▾ etc/").Press("P").See("save etc where?").Press("enter").See("type the name").Type("/tmp/x").Press("enter")
		s.Advance(settle/3).See("saving etc … 250 kB of 500 kB", "esc cancels").Press("P").See("it saves etc already").Advance(settle)
		if s.See("saved 2 files, 1.3 kB, to /tmp/x/etc"); shelf.saved != "etc to /tmp/x" {
			t.Errorf("saved %q", shelf.saved)
		}
		shelf.saved, shelf.left = "", []string{"dev/null: a device"}
		s.Press("P").Type("y").Press("enter").Press("esc").SeeNot("saving").Advance(settle)
		if shelf.saved != "" {
			t.Errorf("saved %q though it was cancelled", shelf.saved)
		}
		s.Press("P").Type("y").Press("enter").Advance(settle).See("left out: dev/null: a device")
		shelf.left = append(shelf.left, "x: a\x1b[31mlink")
		s.Press("P").Type("y").Press("enter").Advance(settle).See("files › saved", "Left out are 2:", " x: alink", "saved 2 files").Press("esc")
		s.Press("P").Type("/").Press("enter").Advance(settle).See("denied")
	})
}

func TestLoading(t *testing.T) {
	t.Parallel()
	shelf := small()
	shelf.slow, shelf.err = settle, &fault.Error{Kind: fault.Denied, Op: "read", Object: "the image"}
	perform(t, shelf, 80, 24, func(s *uitest.Driver) {
		s.Advance(settle/3).See("reading the layers … 1.0 MB of 3.0 MB", "esc cancels").Press("esc").See("cancelled").Advance(2 * settle).See("cancelled")
		s.Press("j", "w", "o", "P", "-").See("cancelled").Press("r").See("reading the layers").Advance(2 * settle).See("denied")
		shelf.err = nil
		s.Press("r").Advance(2 * settle).See("all 3 layers")
		if shelf.asked != 3 {
			t.Errorf("read %d times", shelf.asked)
		}
		s.Press("r", "esc", "esc").See(uitest.Home)
	})
}

// unread is an image of layers of which some, without entries, could not be read.
func unread(t *testing.T, layers ...[]file.Entry) *shelf {
	t.Helper()
	var all []file.Layer
	for _, l := range layers {
		all = append(all, file.Layer{Entries: l, Unread: l == nil})
	}
	im, err := file.MergeRead(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	out := files.Loaded{Image: im}
	for i, l := range layers {
		one := files.Layer{Digest: "sha256:abcdef012345", By: fmt.Sprint("RUN step ", i+1)}
		if l == nil {
			one.Err = &fault.Error{Kind: fault.Unsupported, Detail: "it is encrypted"}
		}
		out.Layers = append(out.Layers, one)
	}
	return &shelf{loaded: out}
}

func TestLayersThatCannotBeRead(t *testing.T) {
	t.Parallel()
	old := []file.Entry{f("etc/passwd", 900), f("old", 1)}
	above := []file.Entry{
		d("etc"), f("etc/hosts", 10), f("etc/.wh.secret", 0),
		{Path: "hard", Type: file.Hardlink, Link: "old"},
		{Path: "sym", Type: file.Symlink, Mode: 0o777, Link: "old"},
	}
	perform(t, unread(t, old, nil, above), 130, 24, func(s *uitest.Driver) {
		s.Advance(settle).See("! not read: layer 2: not supported: it is encrypted", "≥ 3 files, ≥ 10 B", "wasted: unknown").SeeNot("passwd")
		s.CursorOn("etc/").See("≥ 1 file, ≥ 10 B", "the rest is unknown: layer 2 was not read").SeeLine(`▾ etc/ +≥ 10 B`)
		s.ClickOn("hard").Press("enter").See("what it is is unknown: layer 2 could not be read")
		s.ClickOn("sym").Press("enter").See("where it leads is unknown: layer 2")
		s.Press("w").See("wasted space is unknown: layer 2")
		s.Press("o").See("layer 1 of 3", "+2", "passwd").Press("o").See("This layer could not be read", "what it changes is unknown").SeeNot("0 files").Press("enter").See("no file here")
		s.Press("o").See("layer 3 of 3", "-1", "?3").SeeLine(`\? +hosts`).SeeLine(`- +secret +—`)
		s.ClickOn("secret").See("taken away; what it was is unknown")
	})
	perform(t, unread(t, old, []file.Entry{f("old", 5)}, nil), 100, 24, func(s *uitest.Driver) {
		s.Advance(settle).See("Which files there are is unknown: layer 3 could not be read.", "≥ 1 B wasted").SeeNot("passwd")
		s.Press("w").SeeLine(`old +1 B`).Press("enter").See("layer 1 of 3").CursorOn("old")
	})
	perform(t, empty(), 80, 24, func(s *uitest.Driver) {
		s.Advance(settle).See("There are no files").Press("o", "w", "-", "esc").See("home")
	})
}

// With a hundred thousand rows unfolded a frame costs what is visible, and folding
// what is unfolded.
func BenchmarkUnfold(b *testing.B) {
	entries := make([]file.Entry, 0, 100_000)
	for i := range cap(entries) {
		entries = append(entries, f(fmt.Sprintf("usr/d%d/f%d", i/1000, i), int64(i)))
	}
	styles, err := theme.New("dark", theme.Full, true)
	if err != nil {
		b.Fatal(err)
	}
	com := kit.Common{Ctx: b.Context(), Look: &kit.Look{Styles: styles}, Now: time.Now}
	s := files.New(com, files.Wiring{Load: (&shelf{loaded: image(entries)}).load})
	s.Update(tea.WindowSizeMsg{Width: 160, Height: 45})
	for _, cmd := range s.Init()().(tea.BatchMsg) { //nolint:forcetypeassert // of two
		if r, ok := cmd().(kit.Reply); ok {
			r.Deliver()
		}
	}
	press := func(key string) {
		k, ok := kit.Find(s.Bindings(), key)
		if !ok || k.Reason() != "" {
			b.Fatalf("%s: %s", key, k.Reason())
		}
		k.Run()
	}
	press("enter")
	press("G")
	for range 100 { // from the last directory up
		press("enter")
		press("k")
	}
	if got := s.Status().Text; got != "100,101 shown · by name" {
		b.Fatal(got)
	}
	press("j")
	b.Run("frame", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = s.View(160, 45)
		}
	})
	b.Run("fold", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			press("-")
			press("enter")
		}
	})
}
