package lifecycle

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/lifecycle"
)

// result is what the policy comes to.
type result struct {
	evaluation *lifecycle.Evaluation
	saved      *lifecycle.Evaluation // by the policy that the repository has
	rows       []*row
	sum        lifecycle.Summary
	change     lifecycle.Difference // from the policy that the repository has
	tabs       []tab
}

// again works out what the policy does, once that is possible.
func (s *Screen) again() tea.Cmd {
	switch {
	case len(s.violations) > 0 || !s.loaded:
		return nil
	case s.busy:
		s.stale = true
		return nil
	}
	return s.evaluate()
}

// evaluate works out what the policy does, off the loop: one at a time, the
// newest text next.
func (s *Screen) evaluate() tea.Cmd {
	s.busy, s.stale = true, false
	policy, base, in, now, saved, on := s.policy, s.base, s.in, s.com.Now(), s.saved, s.switches
	return s.work.Go(func(context.Context) tea.Msg {
		e := lifecycle.Evaluate(policy, in.Images, now, on)
		if saved == nil {
			saved = lifecycle.Evaluate(base, in.Images, now, on)
		}
		r := &result{evaluation: e, saved: saved, sum: e.Summarize(in.Weigh), change: lifecycle.Compare(saved, e)}
		r.rows = rowsOf(r, in)
		r.tabs = tabsOf(policy, r.rows, in.AllUses)
		return resultMsg{r}
	})
}

func (s *Screen) onResult(r *result) tea.Cmd {
	s.busy, s.now = false, r
	if !s.stale {
		s.saved = r.saved
	}
	s.hold()
	if s.stale && len(s.violations) == 0 {
		return tea.Batch(s.evaluate(), s.List.Reorder())
	}
	return tea.Batch(s.List.Reorder(), s.lookAhead())
}

// lookAhead works out the timeline while it is shown: it takes longer than the
// verdicts, which do not wait for it.
func (s *Screen) lookAhead() tea.Cmd {
	if !s.timeline || s.now == nil || s.looking || s.ahead.of == s.now.evaluation {
		return nil
	}
	s.looking = true
	of, in, now, on := s.now.evaluation, s.in, s.com.Now(), s.switches
	return s.work.Go(func(context.Context) tea.Msg {
		return aheadMsg{of, lifecycle.Forecast(of.Policy, in.Images, now, on)}
	})
}

// ahead is the timeline of a result.
type ahead struct {
	of     *lifecycle.Evaluation
	future lifecycle.Future
}

type aheadMsg ahead

func (s *Screen) onAhead(msg aheadMsg) tea.Cmd {
	s.looking, s.ahead = false, ahead(msg)
	return s.lookAhead()
}

// seen tells whether the timeline is that of what is shown.
func (s *Screen) seen() bool { return s.now != nil && s.ahead.of == s.now.evaluation }
