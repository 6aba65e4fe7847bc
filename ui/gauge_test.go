package ui_test

import (
	"strings"
	"testing"
	"time"

	"regatta/model/plan"
	"regatta/ui/kit"
	"regatta/ui/uitest"
)

func TestWhatGoesOnBelow(t *testing.T) {
	t.Parallel()
	g := &gauge{}
	perform(t, &page{title: "here"}, g.options, func(s *uitest.Driver) {
		s.Advance(time.Second).SeeNot("↓", "rate limited")
		idle := g.looks()
		if s.Advance(time.Minute); g.looks() != idle {
			t.Errorf("it looked %d times though nothing goes on", g.looks()-idle)
		}
		g.is(kit.Gauge{InFlight: 1200, Budget: "87/100 reads", Notice: "no store"})
		s.Press("down").SeeLine(`no store  87/100 reads  ↓1,200 *$`)
		g.is(kit.Gauge{InFlight: 2})
		s.Advance(300 * time.Millisecond).See("↓2") // as long as it does, it looks again by itself
		g.is(kit.Gauge{InFlight: 2, Waiting: 89*time.Second + time.Millisecond})
		s.Advance(300 * time.Millisecond).See("rate limited 90s").SeeNot("↓")
		g.is(kit.Gauge{Waiting: 3 * time.Minute})
		s.Advance(300 * time.Millisecond).SeeLine(`rate limited until 00:0\d UTC`).SeeNot("180s")
		g.is(kit.Gauge{})
		s.Advance(300 * time.Millisecond).SeeNot("rate limited")
		idle = g.looks()
		if s.Advance(time.Minute); g.looks() > idle+2 {
			t.Errorf("it looked %d times after the end", g.looks()-idle)
		}
	})
}

func TestRunsUnderWay(t *testing.T) {
	t.Parallel()
	g := &gauge{}
	top := &page{title: "top"}
	below := &page{title: "below", keys: []kit.Binding{on("g", kit.Go{Screen: top})}}
	a, b := kit.RunGauge{ID: "1", Title: "delete a", Fraction: 0.2}, kit.RunGauge{ID: "2", Title: "copy b", Fraction: 0.6}
	now := func() { g.is(kit.Gauge{Runs: []kit.RunGauge{a, b}}) }
	perform(t, below, g.options, func(s *uitest.Driver) {
		s.Press("g").SeeNot("●")
		if s.View().ProgressBar != nil {
			t.Error("there is progress of nothing")
		}
		now()
		s.Press("down").See("● delete a 20%", "● copy b 60%")
		if bar := s.View().ProgressBar; bar == nil || bar.Value != 40 {
			t.Errorf("progress: %+v", bar)
		}
		a.Ended, a.ComesBack = true, plan.Gone
		now()
		s.Advance(300*time.Millisecond).See("✓ delete a: done; it cannot be undone", "● copy b 60%").SeeNot("● delete a")
		if bar := s.View().ProgressBar; bar == nil || bar.Value != 60 {
			t.Errorf("progress: %+v", bar)
		}
		if len(told[kit.Refresh](top)) != 1 || len(told[kit.Refresh](below)) != 1 {
			t.Error("not every screen was told to look again, once")
		}
		s.Advance(11 * time.Second).SeeNot("delete a") // said once
		b.Ended, b.Undone = true, "1 of 2 steps was not done"
		now()
		s.Advance(300 * time.Millisecond).See("✗ copy b: 1 of 2 steps was not done; J shows which").SeeNot("●")
		if s.View().ProgressBar != nil || len(told[kit.Refresh](top)) != 2 {
			t.Error("it is not over")
		}
	})
}

func TestWarningsAreSaidOnce(t *testing.T) {
	t.Parallel()
	g := &gauge{}
	perform(t, &page{title: "here"}, g.options, func(s *uitest.Driver) {
		now := kit.Gauge{Reason: "the store cannot be opened", Warnings: []string{"this host retires"}, Unfinished: "1 change was left unfinished"}
		g.is(now)
		s.Press("down").See("! 1 change was left unfinished").Press("down").SeeNot("unfinished")
		s.Advance(time.Second).Press("down").SeeNot("unfinished", "retires")
		now.Warnings = append(now.Warnings, "use v2\x1b[1m")
		g.is(now)
		s.Press("down").See("! the registry warns: use v2").Press("down").SeeNot("warns")
		s.Press("!").See("the store cannot be opened", "the registry warns: this host retires", "the registry warns: use v2").SeeNot("unfinished")
		if n := strings.Count(s.Screen(), "retires"); n != 1 {
			t.Errorf("said %d times", n)
		}
	})
}
