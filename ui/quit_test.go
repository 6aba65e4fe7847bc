package ui_test

import (
	"sync"
	"testing"
	"time"

	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/uitest"
)

// gauge is what goes on below the app, which looks at it by the clock.
type gauge struct {
	mu     sync.Mutex
	now    kit.Gauge
	looked int
}

// is changes what goes on.
func (g *gauge) is(now kit.Gauge) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.now = now
}

func (g *gauge) looks() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.looked
}

func (g *gauge) options(o *ui.Options) {
	o.Gauge = func() kit.Gauge {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.looked++
		return g.now
	}
}

func runs(all ...kit.RunGauge) *gauge { return &gauge{now: kit.Gauge{Runs: all}} }

func quits(t *testing.T, s *uitest.Driver, p *page, want bool) {
	t.Helper()
	s.Advance(time.Millisecond)
	if gone := s.View().Content == ""; gone != want || p.closed != map[bool]int{true: 1}[want] {
		t.Fatalf("it ended: %v, the page was closed %d times:\n%s", gone, p.closed, s.Screen())
	}
}

func TestQuit(t *testing.T) {
	t.Parallel()
	for _, k := range []string{"q", "ctrl+c"} {
		for _, g := range []*gauge{{}, {now: kit.Gauge{InFlight: 3}}, runs(kit.RunGauge{ID: "1", Title: "x", Ended: true})} {
			p := &page{title: "here"}
			perform(t, p, g.options, func(s *uitest.Driver) { quits(t, s.Press(k), p, true) })
		}
	}
	p := &page{title: "here"}
	perform(t, p, nil, func(s *uitest.Driver) { quits(t, s.Press(":", "ctrl+c"), p, true) })
	small := &page{title: "here"}
	perform(t, small, nil, func(s *uitest.Driver) { quits(t, s.Resize(40, 10).Press("x", "q"), small, true) })
	asked := &page{title: "here"}
	perform(t, asked, nil, func(s *uitest.Driver) { quits(t, s.Press(":").Type("quit").Press("enter"), asked, true) })
}

// While changes are under way, the end is asked about; no is what has the focus.
func TestQuitWithRunsUnderWay(t *testing.T) {
	t.Parallel()
	one := runs(kit.RunGauge{ID: "1", Title: "delete"}, kit.RunGauge{ID: "2", Title: "copy", Ended: true})
	two := runs(kit.RunGauge{ID: "1", Title: "delete"}, kit.RunGauge{ID: "2", Title: "copy"})
	for _, k := range []string{"q", "ctrl+c"} {
		p := &page{title: "here"}
		perform(t, p, one.options, func(s *uitest.Driver) {
			s.Press(k).See("1 change is under way", "▌Stay").SeeNot("▌Quit")
			for _, no := range []string{"enter", "esc", "n", "q"} {
				quits(t, s.Press(no).SeeNot("under way").Press(k).See("1 change is under way"), p, false)
			}
			quits(t, s.Press("y").Paste("y"), p, false)
			quits(t, s.Press("tab").See("▌Quit").Press("tab").See("▌Stay").Press("enter"), p, false)
			quits(t, s.SeeNot("under way").Press(k, "tab", "enter"), p, true)
		})
	}
	p := &page{title: "here"}
	perform(t, p, two.options, func(s *uitest.Driver) {
		s.Press(":", "ctrl+c").See("2 changes are under way", "─ commands")
		quits(t, s, p, false)
		quits(t, s.Press("ctrl+c"), p, true) // whoever asks twice means it
	})
}

// A terminal too small for the question asks it all the same.
func TestQuitWithRunsUnderWayInASmallTerminal(t *testing.T) {
	t.Parallel()
	for _, k := range []string{"q", "ctrl+c"} {
		p := &page{title: "here"}
		g := runs(kit.RunGauge{ID: "1", Title: "delete"})
		perform(t, p, g.options, func(s *uitest.Driver) {
			s.Resize(40, 10).See("or press q").Press(k)
			quits(t, s.See("1 change is under way", "q again quits"), p, false)
			quits(t, s.Press("x"), p, false)
			s.Resize(80, 24).See("1 change is under way", "▌Stay").Press("esc").Resize(40, 10).See("or press q").SeeNot("again")
			quits(t, s.Press(k), p, false)
			quits(t, s.Press(k), p, true)
		})
	}
}
