package ui_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"

	"regatta/theme"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/uitest"
)

// page is a screen that remembers what it is told, and asks what it is made to.
type page struct {
	title  string
	body   string
	host   string
	status kit.Status
	keys   []kit.Binding
	badges []kit.Span
	levels int // how often esc stays here
	on     func(tea.Msg) (kit.Intent, tea.Cmd)
	begin  tea.Cmd

	lane                  *kit.Lane
	mu                    sync.Mutex // time brings messages while the test reads
	got                   []tea.Msg
	inits, closed, unwind int
}

func (p *page) Init() tea.Cmd {
	p.inits++
	return p.begin
}

func (p *page) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	p.mu.Lock()
	p.got = append(p.got, msg)
	p.mu.Unlock()
	if p.on != nil {
		return p.on(msg)
	}
	return nil, nil
}

func (p *page) Unwind() (bool, tea.Cmd) {
	if p.unwind == p.levels {
		return false, nil
	}
	p.unwind++
	return true, nil
}

func (p *page) View(w, h int) string {
	return kit.Block([]string{kit.Fit(fmt.Sprintf("%s %d×%d", p.body, w, h), w)}, w, h)
}
func (p *page) Bindings() []kit.Binding { return p.keys }
func (p *page) Title() string           { return p.title }
func (p *page) Host() string            { return p.host }
func (p *page) Status() kit.Status      { return p.status }
func (p *page) Badges() []kit.Span      { return p.badges }

func (p *page) Close() {
	p.closed++
	if p.lane != nil {
		p.lane.Close()
	}
}

// told is how many messages of its kind the page was told.
func told[T any](p *page) (out []T) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.got {
		if m, ok := m.(T); ok {
			out = append(out, m)
		}
	}
	return out
}

// key is a binding that asks for an intent.
func key(k, desc string, ask func() kit.Intent) kit.Binding {
	return kit.Binding{ID: "page." + k, Keys: []string{k}, Desc: desc, Group: "Page", Footer: true, Run: kit.Ask(ask)}
}

func on(k string, intent kit.Intent) kit.Binding {
	return key(k, "do "+k, func() kit.Intent { return intent })
}

// box is an overlay that says what it was told.
type box struct {
	got []string
	on  func(string) kit.Intent
}

func (b *box) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	said := ""
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		said = msg.String()
	case tea.PasteMsg:
		said = "pasted " + msg.Content
	case tea.MouseClickMsg:
		said = fmt.Sprintf("click %d,%d", msg.X, msg.Y)
	}
	b.got = append(b.got, said)
	if b.on != nil {
		return b.on(said), nil
	}
	return nil, nil
}

func (b *box) View(int, int) (string, *tea.Cursor) {
	return "[" + strings.Join(b.got, " ") + "]", tea.NewCursor(2, 0)
}

// perform opens the page in the app, above the home screen, in 80×24.
func perform(t *testing.T, p *page, options func(*ui.Options), act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Options: options, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		p.lane = kit.NewLane(com.Ctx, p)
		return p
	}}, act)
}

func TestKeysGoToTheTopmost(t *testing.T) {
	t.Parallel()
	over := &box{on: func(k string) kit.Intent {
		if k == "esc" {
			return kit.Pop{}
		}
		return nil
	}}
	ran := 0
	p := &page{title: "top", body: "page", keys: []kit.Binding{
		on("o", kit.Push{Overlay: over}),
		key("q", "own q", func() kit.Intent {
			ran++
			return kit.Toast{Text: fmt.Sprint("own ", ran)}
		}),
	}}
	perform(t, p, nil, func(s *uitest.Driver) {
		s.See("regatta › top", "page 80×21").Press("q").See("own 1") // the screen's keys come before the app's
		s.Press("%").See("no key % here; ? lists those that there are").Press("up").SeeNot("no key")
		s.Burst("o", "q", "x", "?").See("[q x ?]", "esc closes").SeeNot("own 2") // typed back to back, none is lost below
		s.Paste("some").See("pasted some").Click(3, 4).See("click 3,4").Press("esc").SeeNot("[").See("page 80×21")
		if ran != 1 || len(over.got) != 6 {
			t.Errorf("the page ran %d times, the overlay got %q", ran, over.got)
		}
		s.Paste("q").SeeNot("own 2").Press("q").See("own 2")
		if n := len(told[tea.PasteMsg](p)); n != 0 {
			t.Errorf("a paste went to the page %d times", n)
		}
	})
}

func TestAKeyThatDoesNotWorkSaysWhy(t *testing.T) {
	t.Parallel()
	ran, why := 0, "nothing is here"
	del := key("x", "delete: shows the plan", func() kit.Intent { ran++; return nil })
	del.Short, del.Disabled = "delete", func() string { return why }
	long := key("y", strings.Repeat("y", 60), func() kit.Intent { ran++; return nil })
	long.Disabled = func() string { return strings.Repeat("w", 39) + "!" }
	p := &page{keys: []kit.Binding{del, long}}
	perform(t, p, nil, func(s *uitest.Driver) {
		s.SeeNot("x delete").Press("x").See("! delete: nothing is here").SeeNot("shows the plan")
		s.Press("?").SeeLine(`x +delete: shows the plan \(not now: nothing is here\)`).Press("esc")
		s.Press(":").Type("delete").See("nothing is here").Press("enter").See("! delete: nothing is here")
		if ran != 0 {
			t.Error("it ran all the same")
		}
		s.Press("y").See("! " + strings.Repeat("y", 34) + "…: " + long.Reason()) // the reason stays whole
		why = ""
		if s.Press("j").See(" x delete ").Press("x").SeeNot("nothing is here"); ran != 1 {
			t.Errorf("it ran %d times", ran)
		}
	})
}

func TestConfiguredAndReadOnly(t *testing.T) {
	t.Parallel()
	ran := ""
	see := key("v", "view", func() kit.Intent { ran += "v"; return nil })
	del := key("x", "delete", func() kit.Intent { ran += "x"; return nil })
	del.Dangerous = true
	p := &page{keys: []kit.Binding{see, del}}
	perform(t, p, func(o *ui.Options) {
		o.Common.ReadOnly = true
		o.Keymap = kit.Keymap{"page.v": {"ctrl+o"}, "quit": {}}
		o.Journal = func(kit.Common) kit.Screen { return &page{} }
		o.UndoLast = func(kit.Common) kit.Screen { t.Error("it undoes"); return &page{} }
	}, func(s *uitest.Driver) {
		s.See(" read-only", "ctrl+o view").SeeNot("delete", "q quit").Press("v", "x", "ctrl+o").Press("z").See("no key z")
		s.Press("?").SeeNot("delete", "undo the last").Press("esc").Press(":").Type("delete").See("nothing fits").Press("enter").See("nothing fits")
		if ran != "v" {
			t.Errorf("ran %q", ran)
		}
		s.Press("esc", "q").See("no key q")
	})
}

func TestEscTakesBackOneLevel(t *testing.T) {
	t.Parallel()
	below := &page{title: "below", levels: 2}
	top := &page{title: "top", levels: 1}
	below.keys = []kit.Binding{on("g", kit.Go{Screen: top})}
	perform(t, below, nil, func(s *uitest.Driver) {
		s.Press("g").See("below › top").Press("esc").See("below › top")
		s.Press("esc").SeeNot("top")
		if top.unwind != 1 || below.unwind != 0 || top.closed != 1 || below.closed != 0 {
			t.Errorf("%d of the top, %d of the one below, %d and %d closed", top.unwind, below.unwind, top.closed, below.closed)
		}
		if n := len(told[kit.Shown](below)); n != 1 {
			t.Errorf("the page below was told %d times that it is shown again", n)
		}
		s.Press("esc", "esc").See("below").Press("esc").See(uitest.Home).Press("esc", "h", "left").See(uitest.Home) // the first one stays
		if below.closed != 1 {
			t.Errorf("it was closed %d times", below.closed)
		}
		s.Press("f").See("below").Press("h").See(uitest.Home).Press("f").See("below").Press("left").See(uitest.Home) // those leave at once
	})
}

func TestSizesGoDownToAll(t *testing.T) {
	t.Parallel()
	top := &page{title: "top", body: "upper"}
	below := &page{title: "below", body: "lower", keys: []kit.Binding{on("g", kit.Go{Screen: top})}}
	perform(t, below, nil, func(s *uitest.Driver) {
		if size := told[tea.WindowSizeMsg](below); len(size) != 1 || size[0].Height != 21 || below.inits != 1 {
			t.Errorf("it was told %v, and began %d times", size, below.inits)
		}
		s.Press("g").See("upper 80×21").Resize(100, 30).See("upper 100×27")
		for _, p := range []*page{below, top} {
			if sizes := told[tea.WindowSizeMsg](p); len(sizes) != 2 || sizes[1] != (tea.WindowSizeMsg{Width: 100, Height: 27}) {
				t.Errorf("%s was told %v", p.title, sizes)
			}
		}
		s.Resize(79, 24).See("regatta needs 80×24,", "this terminal has 79×24.", "press q").SeeNot("upper")
		s.Press("esc", "h", ":").Resize(80, 23).See("needs 80×24").Click(1, 5).Wheel(1)
		s.Resize(30, 2).See("regatta needs").SeeNot("Make it").Resize(80, 24).See("upper 80×21", "below › top").SeeNot("─ commands")
		if n := len(told[tea.MouseMsg](top)); n != 0 {
			t.Errorf("%d clicks went through a message", n)
		}
	})
}

func TestMouse(t *testing.T) {
	t.Parallel()
	p := &page{body: "page"}
	perform(t, p, nil, func(s *uitest.Driver) {
		if s.View().MouseMode == tea.MouseModeNone || !s.View().AltScreen {
			t.Error("there is no mouse, or no screen of its own")
		}
		s.Click(5, 1).Click(6, 21).Click(7, 0).Click(7, 22).Click(7, 23).Wheel(-1)
		var clicks []tea.Mouse
		for _, m := range told[tea.MouseMsg](p) {
			clicks = append(clicks, m.Mouse())
		}
		if len(clicks) != 3 || clicks[0].Y != 0 || clicks[0].X != 5 || clicks[1].Y != 20 || clicks[2].Button != tea.MouseWheelUp || clicks[2].Y != 4 {
			t.Errorf("%+v", clicks)
		}
		s.Press("ctrl+e").See("mouse off: the terminal selects text").Click(5, 1).Wheel(1)
		if n := len(told[tea.MouseMsg](p)); n != 3 || s.View().MouseMode != tea.MouseModeNone {
			t.Errorf("it is off, and %d went down", n)
		}
		if s.Press("ctrl+e").See("mouse on").Click(5, 1); len(told[tea.MouseMsg](p)) != 4 {
			t.Error("it stays off")
		}
	})
}

// What belongs to nobody else goes to the screen on top, and does what it asks.
func TestOtherMessages(t *testing.T) {
	t.Parallel()
	type tick struct{}
	p := &page{on: func(m tea.Msg) (kit.Intent, tea.Cmd) {
		if _, ok := m.(tick); ok {
			return kit.Toast{Text: "it ticks"}, nil
		}
		return nil, nil
	}}
	perform(t, p, nil, func(s *uitest.Driver) { s.SeeNot("it ticks").Send(tick{}).See("it ticks") })
}

func TestLooks(t *testing.T) {
	t.Parallel()
	const colours, bright = "38;2;", "\x1b[3"
	p := &page{body: "page", badges: []kit.Span{{Role: theme.Dim, Text: "host → there"}}}
	perform(t, p, nil, func(s *uitest.Driver) {
		s.See("host → there")
		if !strings.Contains(s.View().Content, colours) {
			t.Error("there are no colours")
		}
		s.Press(":").Type("next theme").Press("enter").See("theme light").Press(":").Type("next theme").Press("enter").See("theme high-contrast")
		s.Send(tea.ColorProfileMsg{Profile: 3}) // sixteen
		if c := s.View().Content; strings.Contains(c, colours) || !strings.Contains(c, bright) {
			t.Errorf("not sixteen colours: %q", c)
		}
		s.Send(tea.ColorProfileMsg{Profile: 2})
		if c := s.View().Content; strings.Contains(c, bright) {
			t.Errorf("colours where there are none: %q", c)
		}
	})
	perform(t, p, func(o *ui.Options) { o.Common.Look.ASCII = true }, func(s *uitest.Driver) {
		s.See("host > there").SeeNot("→", "›").Resize(20, 3).SeeNot("×")
	})
}

func TestErrorsOfTheSession(t *testing.T) {
	t.Parallel()
	n := 0
	p := &page{}
	p.keys = []kit.Binding{
		key("e", "fail", func() kit.Intent {
			n++
			return kit.Toast{Err: fmt.Errorf("failure %d\x1b[31m", n)}
		}),
		key("s", "fail for long", func() kit.Intent { p.status.Err = errors.New("the listing broke"); return nil }),
		key("S", "another", func() kit.Intent { p.status.Err = errors.New("it broke anew"); return nil }),
		key("n", "end", func() kit.Intent { p.status.Err = nil; return nil }),
	}
	perform(t, p, nil, func(s *uitest.Driver) {
		s.Press("!").See("! errors of this session: there were none").Press("e").See("✗ failure 1").Press("j").SeeNot("failure")
		s.Press("!").See("failure 1", "2000-01-01 00:00:00 UTC").SeeNot("\x1b").Press("esc")
		s.Press("s", "down", "down").See("✗ the listing broke").Press("S", "n", "!").SeeLine(`it broke anew`)
		if screen := s.Screen(); strings.Count(screen, "broke") != 2 || strings.Index(screen, "anew") > strings.Index(screen, "the listing") ||
			strings.Index(screen, "the listing") > strings.Index(screen, "failure 1") {
			t.Errorf("not each once, the newest first:\n%s", screen)
		}
		s.Press("esc")
		for range 200 {
			s.Press("e")
		}
		s.Press("!").See("failure 201").Press("G").SeeLine(` failure 2 `).SeeNot("failure 1 ", "broke")
	})
}
