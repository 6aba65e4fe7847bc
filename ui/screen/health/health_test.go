package health_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/health"
	"regatta/model/ref"
	"regatta/ui/kit"
	screen "regatta/ui/screen/health"
	"regatta/ui/uitest"
)

// opened is a screen that says what it was opened for.
type opened string

func (opened) Init() tea.Cmd                        { return nil }
func (opened) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (o opened) View(w, h int) string               { return kit.Block([]string{"opened " + string(o) + "."}, w, h) }
func (opened) Bindings() []kit.Binding              { return nil }
func (opened) Close()                               {}

// d is a digest of one hexadecimal figure.
func d(figure string) ref.Digest { return ref.Digest("sha256:" + strings.Repeat(figure, 64)) }

// settle is as long as reading takes.
const settle = 5 * time.Second

// patient is a repository, and how it is read.
type patient struct {
	mu       sync.Mutex
	findings []health.Finding
	blobs    []health.Finding
	unasked  int
	gaps     []string
	err      error
	blobErr  error
	slow     time.Duration
	loads    int
	saved    [][]string
	wire     func(*screen.Wiring)
}

func (p *patient) wait(ctx context.Context, progress func(total, done int)) error {
	progress(300, 12)
	select {
	case <-time.After(p.slow):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *patient) Findings() []health.Finding {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.findings)
}

func (p *patient) Blobs(ctx context.Context, progress func(total, done int)) ([]health.Finding, int, error) {
	err := p.wait(ctx, progress)
	p.mu.Lock()
	defer p.mu.Unlock()
	return append(slices.Clone(p.findings), p.blobs...), p.unasked, errors.Join(err, p.blobErr)
}

func (p *patient) Read() int                      { return 17 }
func (p *patient) Gaps() []string                 { return p.gaps }
func (p *patient) Advice(f health.Finding) string { return "advice on " + string(f.Kind) }

func (p *patient) load(ctx context.Context, progress func(total, done int)) (screen.Patient, error) {
	p.mu.Lock()
	p.loads++
	p.mu.Unlock()
	if err := p.wait(ctx, progress); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p, p.err
}

// now changes what the next reading says.
func (p *patient) now(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

func perform(t *testing.T, p *patient, act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Width: 120, Height: 24, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		com.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
			p.saved = rows
			return "/tmp/" + name, nil
		}
		w := screen.Wiring{
			Context: catalog.Context{Name: "dev", Host: "registry.example"}, Repository: "app", Untagged: true, Load: p.load,
			Open: func(f health.Finding) kit.Screen { return opened("image " + string(f.Digest)[7:8]) },
			Delete: func(digests []ref.Digest, title string) kit.Screen {
				said := ""
				for _, d := range digests {
					said = strings.Join([]string{said, string(d)[7:8]}, "")
				}
				return opened("delete " + said + ": " + title)
			},
		}
		if p.wire != nil {
			p.wire(&w)
		}
		return screen.New(com, w)
	}}, act)
}

// ill is a repository of which four things are wrong by its manifests, and one
// more by its blobs.
func ill() *patient {
	return &patient{
		findings: []health.Finding{
			{Kind: health.Unreferenced, Digest: d("e"), Text: "nothing leads to it"},
			{Kind: health.OrphanTag, Digest: d("c"), Tags: []string{"sig"}, Text: "it signs what is gone"},
			{Kind: health.MissingChild, Digest: d("a"), Tags: []string{"v2", "latest"}, Text: "linux/arm64 is gone\x1b[1m"},
			{Kind: health.LostSubject, Digest: d("b"), Text: "its subject is gone"},
		},
		blobs: []health.Finding{{Kind: health.MissingBlob, Digest: d("a"), Tags: []string{"v2"}, Text: "a layer is gone"}},
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	p := ill()
	p.slow = time.Second
	perform(t, p, func(s *uitest.Driver) {
		s.See("reading all manifests …").Advance(300 * time.Millisecond).See("reading 12 of 300 …").Press("enter")
		s.See("! open the image: there is no finding here").Press("b").See("the repository is not read yet")
		s.Press("x").See("! delete: there is no finding here").Advance(settle).Press("up")
		s.See("✗ children 1", "· blobs", "! referrers 1", "! signatures 1", "! untagged 1", "4 findings · 17 manifests read · blobs not asked for")
		s.SeeNot(" …", "untagged ones")
		rows := strings.Split(s.Screen(), "\n")
		for i, want := range []string{"✗ missing-child", "! lost-subject", "! orphan-", "! unreferenced"} {
			if !strings.Contains(rows[4+i], want) {
				t.Errorf("row %d is %q, not %s", i, rows[4+i], want)
			}
		}
		s.SeeLine(`▌ +✗ missing-child +v2 latest +linux/arm64 is gone`).See("aaaaaaaaaaaa: linux/arm64 is gone", "advice on missing-child").SeeNot("\x1b")
		s.Press("G").SeeLine(`▌ +! unreferenced +eeeeeeeeeeee`).See("advice on unreferenced")
		s.Press("enter").See("opened image e.").Press("h").ClickOn("it signs").CursorOn("sig").ClickOn("it signs").See("opened image c.").Press("h")
		if s.Press("c").See("copied digest cccccccccccc").Advance(time.Second); s.Clipboard() != string(d("c")) {
			t.Errorf("copied %q", s.Clipboard())
		}
		s.Press("s").See("MANIFEST↑").Press("g").CursorOn("bbbbb").Press("S", "g").CursorOn("v2").Press("/").Type("is:orphan-tag").Press("enter")
		s.See("1 / 4 findings").Press("esc").Press("/").Type("latest").Press("enter").CursorOn("v2").Press("esc", "esc").See(uitest.Home)
	})
}

func TestDelete(t *testing.T) {
	t.Parallel()
	p := ill()
	perform(t, p, func(s *uitest.Driver) {
		s.Advance(settle).Press("x").See("opened delete a: delete aaaaaaaaaaaa of app.").Press("h").Press("G", "space", "k", "space", "x")
		s.See(": delete 2 manifests of app.").Press("h", "esc")
		s.Press("b").Advance(settle).See("5 findings", "✗ blobs 1").Press("a", "x").See(": delete 4 manifests of app.").Press("h", "esc") // each once
		s.Press("ctrl+s").See("saved 5 rows to /tmp/findings")
		if want := []string{"missing-blob", "aaaaaaaaaaaa (v2)", "a layer is gone"}; !slices.ContainsFunc(p.saved, func(row []string) bool { return slices.Equal(row, want) }) {
			t.Errorf("saved %q", p.saved)
		}
	})
	p.wire = func(w *screen.Wiring) { w.Context.ReadOnly = true }
	perform(t, p, func(s *uitest.Driver) {
		s.Advance(settle).SeeNot("x delete").Press("x").See("! delete: this context is read-only")
	})
	p.wire = func(w *screen.Wiring) { w.Delete = nil }
	perform(t, p, func(s *uitest.Driver) { s.Advance(settle).Press("x").See("! delete: nothing can be removed here") })
}

// What was marked while blobs were asked for stays marked once they are there, whether
// rows come or go with that, and the cursor stays on its finding.
func TestBlobsLeaveMarks(t *testing.T) {
	t.Parallel()
	p := ill()
	p.slow = time.Second
	perform(t, p, func(s *uitest.Driver) {
		s.Advance(settle).Press("b", "G", "space", "k", "space", "g", "j", "j").CursorOn("sig").Advance(settle)
		s.See("✗ blobs 1").CursorOn("sig").SeeLine(`● *! unreferenced`).SeeLine(`▌● *! orphan-tag`)
		s.Press("x").See("opened delete ec: delete 2 manifests of app.").Press("h")
		p.now(func() { p.findings = p.findings[1:] })
		s.Press("b").Advance(settle).See("4 findings").SeeLine(`●.*orphan-tag`).Press("x").See("opened delete c: delete cccccccccccc")
	})
}

func TestBlobs(t *testing.T) {
	t.Parallel()
	p := ill()
	perform(t, p, func(s *uitest.Driver) {
		s.Advance(settle)
		p.now(func() { p.slow = time.Second })
		s.Press("b").Advance(300*time.Millisecond).See("asking for configs and layers 12 of 300 · b stops …", "· blobs").Press("b")
		s.See("stopped looking for blobs").Advance(settle).See("blobs not asked for", "· blobs").SeeNot("…", "missing-blob")
		s.Press("b").Advance(300 * time.Millisecond).Press("esc").See("4 findings").Advance(settle).SeeNot("missing-blob").See("blobs not asked for")
		s.Press("G", "space").See("●").Press("b").Advance(settle).See("●").CursorOn("unreferenced")
		s.See("✗ blobs 1", "missing-blob", "5 findings · 17 manifests read").SeeNot("not asked for")
		p.now(func() { p.blobs, p.unasked = nil, 3 })
		s.Press("b").Advance(settle).See("? blobs", "3 requests for blobs failed").SeeNot("✓ blobs", "missing-blob")
		p.now(func() { p.unasked = 0 })
		s.Press("b").Advance(settle).See("✓ blobs").SeeNot("requests for")
		p.now(func() { p.blobErr = errors.New("no more requests") })
		s.Press("b").Advance(settle).See("✗ no more requests", "· blobs").Press("up").See("blobs not asked for")
	})
}

func TestWell(t *testing.T) {
	t.Parallel()
	p := &patient{}
	perform(t, p, func(s *uitest.Driver) {
		s.Advance(settle)
		s.See("Nothing is wrong with app.", "b asks for every config and layer as well", "✓ children", "✓ untagged", "· blobs", "0 findings").Press("enter")
		s.See("there is no finding here")
		s.Press("b").Advance(settle).See("Nothing is wrong with app.", "✓ blobs").SeeNot("asks for")
		p.now(func() { p.unasked = 1 })
		s.Press("b").Advance(settle).See("? blobs", "Nothing was found, and not all could be looked at: 1 request for blobs failed").SeeNot("Nothing is wrong")
	})
	p = &patient{gaps: []string{"sha256:1 is denied", "sha256:2"}}
	p.wire = func(w *screen.Wiring) { w.Untagged = false }
	perform(t, p, func(s *uitest.Driver) {
		s.Advance(settle)
		s.See("Nothing was found, and not all could be looked at: 2 could not be read: sha256:1 is", "? children", "? signatures", "· untagged", "untagged ones are not listed").SeeNot("✓", "Nothing is wrong")
	})
}

func TestReading(t *testing.T) {
	t.Parallel()
	p := ill()
	p.err = &fault.Error{Kind: fault.Denied, Op: "read", Object: "app"}
	perform(t, p, func(s *uitest.Driver) {
		s.Advance(settle).See("read app: denied", "r tries again, esc goes back", "r read the repository again").SeeNot("Nothing is wrong")
		p.now(func() { p.err = nil })
		s.Press("r").Advance(settle).See("4 findings").Press("space")
		p.now(func() { p.findings = p.findings[:1] })
		s.Send(kit.Refresh{}).Advance(settle).See("1 findings").SeeNot("missing-child", "marked", "●")
		if p.loads != 3 {
			t.Errorf("read %d times", p.loads)
		}
	})
	p = ill()
	p.wire = func(w *screen.Wiring) { w.Counts = true }
	perform(t, p, func(s *uitest.Driver) {
		s.Advance(settle).See("Reading the manifests of this repository counts as pulling", "nothing is read yet").Send(kit.Refresh{}).Press("x", "b", "r")
		if s.Advance(settle); p.loads != 0 {
			t.Error("it reads without being asked")
		}
		s.Press("enter").Advance(settle).See("4 findings").SeeNot("changed").Send(kit.Refresh{}).Advance(settle)
		s.See("something was changed since this was read: r reads it again", "r read the repository")
		if p.loads != 1 {
			t.Errorf("read %d times", p.loads)
		}
		s.Press("r").Advance(settle).See("4 findings").SeeNot("something was changed")
	})
}
