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
	own := kit.Bind("journal", "Journal", []kit.Binding{
		{
			ID: "open", Keys: kit.Keys{"enter", "l", "right"}, Desc: "steps", Footer: true, Disabled: s.none,
			Run: kit.Ask(s.open),
		},
		{
			ID: "undo", Keys: kit.Keys{"u"}, Desc: "undo: shows the plan", Short: "undo", Footer: true,
			Dangerous: true, Disabled: s.notUndone, Run: kit.Ask(s.undo),
		},
		{
			ID: "cancel", Keys: kit.Keys{"x"}, Desc: "cancel", Footer: true, Dangerous: true,
			Disabled: s.notRunning, Run: kit.Ask(s.cancel),
		},
		{
			ID: "pause", Keys: kit.Keys{"p"}, Desc: "pause", Footer: true, Dangerous: true, Disabled: s.notRunning,
			Run: kit.Ask(s.pause),
		},
		{
			ID: "resume", Keys: kit.Keys{"o"}, Desc: "go on, or try again what failed", Short: "go on",
			Footer: true, Dangerous: true, Disabled: s.nothingLeft, Run: s.resume,
		},
		{
			ID: "record", Keys: kit.Keys{"m"}, Desc: "copy the record as Markdown", Short: "record", Footer: true,
			Disabled: s.none, Run: s.record,
		},
	})
	return append(own, s.List.Bindings()...)
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
	return r.NotUndone()
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
	return s.current().NotResumed()
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
