package journal

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	model "regatta/model/journal"
	"regatta/ui/kit"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	key := func(id, desc string, run func() (kit.Intent, tea.Cmd), disabled func() string, keys ...string) kit.Binding {
		return kit.Binding{
			ID: "journal." + id, Keys: keys, Desc: desc, Group: "Journal", Run: run, Disabled: disabled, Footer: true,
		}
	}
	own := []kit.Binding{
		key("open", "steps", kit.Ask(s.open), s.none, "enter", "l", "right"),
		key("undo", "undo: shows the plan", kit.Ask(s.undo), s.notUndone, "u"),
		key("cancel", "cancel", kit.Ask(s.cancel), s.notRunning, "x"),
		key("pause", "pause", kit.Ask(s.pause), s.notRunning, "p"),
		key("resume", "go on, or try again what failed", s.resume, s.nothingLeft, "o"),
		key("record", "copy the record as Markdown", s.record, s.none, "m"),
	}
	own[1].Short, own[4].Short, own[5].Short = "undo", "go on", "record"
	for i := range own[1:5] {
		own[i+1].Dangerous = true
	}
	return append(own, s.list.Bindings()...)
}

func (s *Screen) in(states ...model.State) bool {
	r := s.current()
	return r != nil && slices.Contains(states, r.State)
}

func (s *Screen) none() string {
	if s.current() == nil {
		return "there is no run here"
	}
	return ""
}

func (s *Screen) notUndone() string {
	r := s.current()
	if r == nil {
		return "there is no run here"
	}
	return notUndone(r)
}

// notUndone is why an undo of a run cannot be planned.
func notUndone(r *Entry) string {
	switch {
	case !r.State.Ended() && r.State != model.Interrupted:
		return "it has not ended"
	case r.MayUndo() != nil:
		return "it is undone already, or is being undone"
	}
	return ""
}

func (s *Screen) notRunning() string {
	if !s.in(model.Running) {
		return "it does not run here"
	}
	return ""
}

func (s *Screen) nothingLeft() string {
	if !s.in(model.Interrupted, model.Partly, model.Failed, model.Cancelled) {
		return "nothing of it is left to do"
	}
	return ""
}

func (s *Screen) undo() kit.Intent { return kit.Go{Screen: s.wire.Undo(*s.current())} }

func (s *Screen) cancel() kit.Intent {
	s.wire.Control.Cancel(s.current().ID)
	return kit.Toast{Text: "cancelling: steps that run are finished first"}
}

func (s *Screen) pause() kit.Intent {
	r := s.current()
	s.wire.Control.Pause(r.ID, !r.Paused)
	return nil
}

// resume shows what is left to do; a run of which nothing is left is only looked at.
func (s *Screen) resume() (kit.Intent, tea.Cmd) {
	if r := s.current(); len(r.Rest().Steps) > 0 {
		return kit.Go{Screen: s.wire.Rest(*r)}, nil
	}
	id, control := s.current().ID, s.wire.Control
	return kit.Toast{Text: "resuming; finished steps are kept"},
		s.lane.Go(func(context.Context) tea.Msg { return resumedMsg{control.Resume(id)} })
}

func (s *Screen) record() (kit.Intent, tea.Cmd) {
	return nil, record(s.lane, s.wire.Runs, s.current().ID)
}

func (s *Screen) open() kit.Intent {
	if r := s.current(); r != nil {
		return kit.Go{Screen: NewSteps(s.com, s.wire.Runs, s.wire.Undo, *r)}
	}
	return nil
}
