package review

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/plan"
	"regatta/ui/kit"
)

// show puts a plan on the screen, or why there is none.
func (s *Screen) show(p plan.Plan, err error) {
	s.plan, s.err, s.ready = p, err, err == nil
	s.view.SetLines(lines(s.plan))
	s.view.Home()
}

// start begins the run and leaves: it goes on while the user browses.
func (s *Screen) start() (kit.Intent, tea.Cmd) {
	if s.begun {
		return nil, nil
	}
	s.begun = true
	p, wire := s.plan, s.wire
	return nil, s.lane.Go(func(ctx context.Context) tea.Msg {
		if wire.Settle != nil {
			tried, err := wire.Settle(ctx)
			switch {
			case ctx.Err() != nil:
				return nil // whoever confirmed has left since
			case err != nil:
				return startedMsg{err}
			case tried:
				return wire.startAgain(ctx, p)
			}
		}
		return startedMsg{wire.Start.Start(p, wire.Title)}
	})
}

// startAgain plans with what is known now, and begins only what was confirmed.
func (w Wiring) startAgain(ctx context.Context, confirmed plan.Plan) tea.Msg {
	p, err := w.Plan(ctx)
	switch {
	case ctx.Err() != nil:
		return nil // whoever confirmed has left since
	case err != nil:
		return planMsg{err: err}
	case !plan.Same(p, confirmed):
		return anotherMsg{p}
	}
	return startedMsg{w.Start.Start(p, w.Title)}
}
