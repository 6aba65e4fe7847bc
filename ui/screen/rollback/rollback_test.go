package rollback_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/finding"
	"regatta/model/image"
	"regatta/model/ref"
	model "regatta/model/rollback"
	"regatta/model/supply"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/screen/rollback"
	"regatta/ui/uitest"
)

func digest(hex string) ref.Digest { return ref.Digest("sha256:" + strings.Repeat(hex, 64/len(hex))) }

// at is the tag that goes back, in a repository.
func at(repository string) ref.Reference {
	return ref.Reference{Host: "registry.example", Repository: repository, Tag: "prod"}
}

// ago is a time before the bubble began.
func ago(hours int) time.Time {
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Duration(hours) * time.Hour)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// page is a screen that is led to.
type page struct{ name string }

func (*page) Init() tea.Cmd                        { return nil }
func (*page) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (*page) Bindings() []kit.Binding              { return nil }
func (*page) Close()                               {}
func (p *page) View(w, h int) string               { return kit.Block([]string{p.name}, w, h) }

// memory knows what one tag pointed to.
type memory struct {
	loaded   rollback.Loaded
	err      error
	slow     time.Duration
	profiles map[ref.Digest]model.Profile // of what can be read
	last     model.Candidate              // that something was asked of
	saved    [][]string

	loads, stopped int
	reads          gauge
}

// gauge counts what goes on at a time.
type gauge struct {
	sync.Mutex

	all, now, most int
}

func (g *gauge) during(work func() error) error {
	g.Lock()
	g.all, g.now = g.all+1, g.now+1
	g.most = max(g.most, g.now)
	g.Unlock()
	defer func() {
		g.Lock()
		g.now--
		g.Unlock()
	}()
	return work()
}

func (m *memory) load(ctx context.Context) (rollback.Loaded, error) {
	m.loads++
	loaded, err := m.loaded, m.err
	stopped := pause(ctx, m.slow)
	if stopped != nil {
		m.stopped++
	}
	return loaded, cmp.Or(stopped, err)
}

func (m *memory) profile(ctx context.Context, one model.Candidate) (model.Profile, error) {
	if err := pause(ctx, m.slow); err != nil {
		return model.Profile{}, err
	}
	p, ok := m.profiles[one.Digest]
	if !ok {
		return one.Listed(), &fault.Error{Kind: fault.Corrupt, Op: "read", Object: one.Digest.Short()}
	}
	return p, nil
}

func (m *memory) leads(what string) func(model.Candidate, ref.Digest) kit.Screen {
	return func(one model.Candidate, from ref.Digest) kit.Screen {
		m.last = one
		return &page{fmt.Sprintf("%s %s from %s", what, one.Digest.Short(), from.Short())}
	}
}

func (m *memory) wiring() rollback.Wiring {
	return rollback.Wiring{
		Context: catalog.Context{Name: "dev", Host: "registry.example"}, Tag: at("shop/api"), Load: m.load,
		Profile: m.profile, Plan: m.leads("the plan of"), Compare: m.leads("the difference of"), Scans: true,
		Open:     func(one model.Candidate) kit.Screen { return &page{"the image " + one.Digest.Short()} },
		Together: func() kit.Screen { return &page{"with others"} },
	}
}

func (m *memory) keep(o *ui.Options) {
	o.Common.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
		m.saved = rows
		return "/tables/" + name, nil
	}
}

func amd64(size int64) image.PlatformImage {
	return image.PlatformImage{Platform: image.Platform{OS: "linux", Architecture: "amd64"}, Digest: digest("d"), Size: size}
}

// some are three candidates: one that is whole, one that was rolled back from and
// cannot be read, and one in the archive.
func some() *memory {
	return &memory{
		loaded: rollback.Loaded{
			Current: digest("c"), Names: []string{"v1.3"},
			History: []model.Entry{
				{Digest: digest("c"), Since: ago(48), Began: true, Source: model.Journal, Text: "run 7"},
				{Digest: digest("a"), Since: ago(100), Until: ago(48), Began: true, Ended: true, Source: model.Journal, Text: "run 6"},
			},
			Candidates: []model.Candidate{
				{Digest: digest("a"), Tags: []string{"v1.2", "stable"}, Reason: "previous digest of prod", Image: image.Image{Pushed: ago(72)}},
				{Digest: digest("b"), Reason: "rolled back from before; v1.1 runs", Bad: true, Image: image.Image{Pushed: ago(96)}},
				{Digest: digest("e"), Tags: []string{"v1.0"}, Reason: "a version before v1.3", Image: image.Image{Storage: image.Archived}},
			},
		},
		profiles: map[ref.Digest]model.Profile{
			digest("a"): {
				Size: 12_000_000, Time: ago(72), Platforms: []image.PlatformImage{amd64(1)}, Revision: "0123456789abcdef",
				Findings: &finding.Counts{finding.High: 2}, Signature: supply.Verified, Read: true,
			},
			digest("e"): {Read: true, Signature: supply.None, Findings: &finding.Counts{}},
		},
	}
}

func perform(t *testing.T, w rollback.Wiring, act func(*uitest.Driver)) {
	t.Helper()
	on(t, uitest.Stage{Width: 160, Height: 24}, w, act)
}

func on(t *testing.T, stage uitest.Stage, w rollback.Wiring, act func(*uitest.Driver)) {
	t.Helper()
	stage.Screen = func(_ *testing.T, com kit.Common) kit.Screen { return rollback.New(com, w) }
	uitest.Perform(t, stage, act)
}

// settle is as long as reading takes.
const settle = time.Second

func TestCandidates(t *testing.T) {
	t.Parallel()
	m := some()
	m.slow = settle
	perform(t, m.wiring(), func(s *uitest.Driver) {
		s.See("looking for what it pointed to", "roll back prod").SeeNot("CANDIDATE").Press("enter").See("there is nothing to go back to")
		s.Press("H").See("what it pointed to is not known yet").Advance(settle + settle/2).Press("g")
		s.See("prod of shop/api points to cccccccccccc, for 2d", "3 candidates").SeeNot("count as pulls", " ! ", "seen so")
		s.SeeLine(`^▌.*v1\.2, stable +aaaaaaaaaaaa +3d +· +· +· +· +· +previous digest of prod`)
		s.SeeLine(`\(no tag\) +bbbbbbbbbbbb +4d +· .*✗ rolled back from before; v1\.1 runs`)
		s.SeeLine(`v1\.0 +eeeeeeeeeeee +· +· +archived +· +· +· +a version before`)
		s.Advance(settle).SeeLine(`v1\.2, stable +aaaaaaaaaaaa +3d +12 MB +amd64 +01234567 +verified +2H? ?`)
		s.SeeLine(`\(no tag\) +bbbbbbbbbbbb +4d +! +! +! +! +! +✗ rolled back`).SeeLine(`v1\.0 +eeeeeeeeeeee +– +– +archived +– +none +none +a version before`)
		s.Press("j").CursorOn("(no tag)").See("3 candidates · read bbbbbbbbbbbb: corrupt")
	})
	if m.loads != 1 {
		t.Errorf("looked %d times", m.loads)
	}
}

func TestPick(t *testing.T) {
	t.Parallel()
	m := some()
	perform(t, m.wiring(), func(s *uitest.Driver) {
		s.Press("enter").See("the plan of aaaaaaaaaaaa from cccccccccccc").Press("esc", "j", "j", "enter").See("the plan of eeeeeeeeeeee from cccccccccccc").Press("esc")
		s.Press("k", "=").See("the difference of bbbbbbbbbbbb from cccccccccccc").Press("esc", "o").See("the image bbbbbbbbbbbb").Press("esc")
		s.Press("+").See("with others").Press("esc", "H").See("shop/api pointed to").Press("esc", "c").See("copied the digest").Advance(settle)
		if got := s.Clipboard(); got != string(digest("b")) {
			t.Errorf("copied %q", got)
		}
		s.ClickOn("v1.0").CursorOn("v1.0").ClickOn("v1.0").See("the plan of eeeeeeeeeeee").Press("esc")
		s.Press("/").Type("is:bad").Press("enter").CursorOn("(no tag)").See("1 / 3 candidates").SeeNot("v1.0").Press("esc").See("v1.0", "3 candidates")
		s.Press("/").Type("stable").Press("enter").CursorOn("v1.2").See("1 / 3").Press("esc", "esc").See(uitest.Home)
	})
	if m.last.Digest != digest("e") || m.last.Tags[0] != "v1.0" {
		t.Errorf("asked of %v", m.last)
	}
}

// A screen that chooses for others tells them, and leads nowhere.
func TestChooses(t *testing.T) {
	t.Parallel()
	m := some()
	p := m.profiles[digest("a")]
	for _, one := range []string{"arm64", "ppc64le", "s390x"} {
		p.Platforms = append(p.Platforms, image.PlatformImage{Platform: image.Platform{OS: "linux", Architecture: one}})
	}
	m.profiles[digest("a")] = p
	w := m.wiring()
	var told []string
	w.Chosen = func(one model.Candidate, from ref.Digest) {
		told = append(told, one.Digest.Short()+" from "+from.Short())
	}
	w.Together, w.Scans = nil, false
	perform(t, w, func(s *uitest.Driver) {
		s.SeeNot("FINDINGS").SeeLine(`v1\.2, stable .* amd64 arm64 \+2  01234567  verified +previous digest of prod$`).Press("+").See("it goes back with others already").Press("H", "j", "enter").See("it goes back with others: choose it among the candidates").Press("esc")
		s.Press("j", "enter").See(uitest.Home).Press("f", "enter").See(uitest.Home)
	})
	if got := strings.Join(told, ", "); got != "bbbbbbbbbbbb from cccccccccccc, aaaaaaaaaaaa from cccccccccccc" {
		t.Errorf("told %s", got)
	}
}

func TestNotFound(t *testing.T) {
	t.Parallel()
	m := &memory{err: &fault.Error{Kind: fault.NotFound, Op: "read", Object: "shop/api:prod"}}
	perform(t, m.wiring(), func(s *uitest.Driver) {
		s.See("read shop/api:prod: not found", "Nothing was changed. r looks again, esc goes back.").SeeNot("CANDIDATE")
		for _, key := range []string{"enter", "o", "=", "c"} {
			s.Press(key).See("there is nothing to go back to")
		}
		s.Press("H").See("what it pointed to is not known yet")
		m.err = nil
		s.Press("r").See("Nothing is known that it could go back to.", "Any image can be given the tag").Press("enter").See("there is nothing to go back to")
		m.loaded = some().loaded
		s.Send(kit.Refresh{}).Advance(settle).CursorOn("v1.2")
	})
	if m.loads != 3 {
		t.Errorf("looked %d times", m.loads)
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*rollback.Loaded){
		"points to cccccccccccc, seen so for 2d\n": func(l *rollback.Loaded) { l.History[0].Began = false },
		"points to cccccccccccc, for 2d\n":         func(*rollback.Loaded) {},
		"points to cccccccccccc\n":                 func(l *rollback.Loaded) { l.History[0].Since = time.Time{} },
		"points to ffffffffffff\n":                 func(l *rollback.Loaded) { l.Current = digest("f") },
		"to cccccccccccc\n":                        func(l *rollback.Loaded) { l.History[0].Since = ago(0) },
		"cccccccccccc\n":                           func(l *rollback.Loaded) { l.History = nil },
		" ! what runs is not known; nor what ran":  func(l *rollback.Loaded) { l.Notes = []string{"what runs is not known", "nor what ran"} },
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			m := some()
			change(&m.loaded)
			perform(t, m.wiring(), func(s *uitest.Driver) { s.See(want) })
		})
	}
}

// Rows are read as they come into view, a few at a time, each once.
func TestReadsWhatIsSeen(t *testing.T) {
	t.Parallel()
	m := &memory{loaded: rollback.Loaded{Current: digest("c")}}
	for i := range 40 {
		one := model.Candidate{Digest: ref.Digest(fmt.Sprintf("sha256:%064d", i)), Tags: []string{fmt.Sprintf("t%02d", i)}}
		m.loaded.Candidates = append(m.loaded.Candidates, one)
	}
	w := m.wiring()
	w.Counts, w.Scans = true, false
	w.Profile = func(ctx context.Context, _ model.Candidate) (model.Profile, error) {
		err := m.reads.during(func() error { return pause(ctx, settle) })
		return model.Profile{Size: 1_000, Read: true}, err
	}
	perform(t, w, func(s *uitest.Driver) {
		s.See("40 candidates · reads count as pulls here: visible rows only").SeeNot("FINDINGS", "1.0 kB").CursorOn("t00")
		s.Advance(settle).SeeLine(`t00 .* 1\.0 kB`).SeeLine(`t10 .* · `).Advance(5 * settle).SeeLine(`t17 .* 1\.0 kB`)
		if m.reads.all != 18 || m.reads.most != 6 {
			t.Errorf("read %d rows, %d at a time", m.reads.all, m.reads.most)
		}
		s.Press("G").Advance(5 * settle).SeeLine(`t39 .* 1\.0 kB`).Wheel(-20).Advance(5 * settle)
		if m.reads.all != 40 {
			t.Errorf("read %d rows", m.reads.all)
		}
		s.Press("r").Advance(5 * settle)
		if m.reads.all != 58 {
			t.Errorf("read %d rows, with those that were read anew", m.reads.all)
		}
		s.Press("r").Advance(settle / 2).Press("r").SeeLine(`t00 .* · `).Advance(5 * settle).SeeLine(`t00 .* 1\.0 kB`).SeeLine(`t17 .* 1\.0 kB`) // also in the middle of it
	})
}

// What is saved has what is known, and nothing for what is not.
func TestSavesCandidates(t *testing.T) {
	t.Parallel()
	m := some()
	on(t, uitest.Stage{Width: 160, Height: 24, Options: m.keep}, m.wiring(), func(s *uitest.Driver) { s.Press("ctrl+s").See("/tables/") })
	long := func(hex string) string { return string(digest(hex)) }
	want := [][]string{
		{"candidate", "digest", "age", "sizeBytes", "platforms", "revision", "signature", "findings", "why"},
		{"v1.2, stable", long("a"), "3d", "12000000", "amd64", "01234567", "verified", "2H", "previous digest of prod"},
		{"(no tag)", long("b"), "4d", "", "!", "!", "!", "!", "✗ rolled back from before; v1.1 runs"},
		{"v1.0", long("e"), "", "", "archived", "", "none", "none", "a version before v1.3"},
	}
	if got := fmt.Sprint(m.saved); got != fmt.Sprint(want) {
		t.Errorf("saved\n%s\nwant\n%s", got, fmt.Sprint(want))
	}
}

var errBroken = errors.New("it \x1b[31mbroke")

// A late answer is of the look before: it is dropped.
func TestLooksAgain(t *testing.T) {
	t.Parallel()
	m := some()
	m.slow, m.err = settle, errBroken
	perform(t, m.wiring(), func(s *uitest.Driver) {
		s.Advance(settle / 2)
		m.err = nil
		s.Press("r").Advance(settle - 1).See("looking for what it pointed to").Advance(settle).CursorOn("v1.2").SeeNot("broke")
		m.err = errBroken
		s.Press("r").Advance(2*settle).See("it", "broke", "Nothing was changed").SeeNot("CANDIDATE", "\x1b")
		stopped := m.stopped
		if s.Press("r", "esc").See(uitest.Home); m.stopped != stopped+1 {
			t.Error("it goes on though nobody is there any more")
		}
	})
}
