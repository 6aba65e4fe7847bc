package cleanup

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/cleanup"
	"regatta/model/ref"
)

// result is what the rules come to.
type result struct {
	rules cleanup.Rules
	found *cleanup.Selection
	sum   cleanup.Summary
	free  []int64 // bytes that come back with each image of the stock
	most  int64   // of them
	ages  []bucket
}

// set makes other rules count.
func (s *Screen) set(rules cleanup.Rules) tea.Cmd {
	s.rules = rules
	switch {
	case !s.loaded:
		return nil
	case s.busy:
		s.stale = true
		return nil
	}
	return s.evaluate()
}

// evaluate works out what the rules do, off the loop: one at a time, the newest
// rules next.
func (s *Screen) evaluate() tea.Cmd {
	s.busy, s.stale = true, false
	rules, in, now := s.rules, s.in, s.com.Now()
	rules.InUse = in.InUse
	return s.work.Go(func(context.Context) tea.Msg {
		found := in.Stock.Evaluate(rules, now)
		r := &result{rules: rules, found: found, sum: found.Summarize(), ages: byAge(found)}
		r.free = freed(in, found)
		r.most = slices.Max(append(r.free, 0))
		return resultMsg{r}
	})
}

// freed shares the bytes that come back among the images that go.
func freed(in Loaded, found *cleanup.Selection) []int64 {
	out := make([]int64, len(found.Verdicts))
	if in.Shares == nil {
		return out
	}
	var at []int
	var gone []ref.Digest
	for i, v := range found.Verdicts {
		if v.Outcome == cleanup.Removed {
			at, gone = append(at, i), append(gone, found.Stock.Images[i].Digest)
		}
	}
	for i, n := range in.Shares(gone) {
		out[at[i]] = n
	}
	return out
}

func (s *Screen) onResult(r *result) tea.Cmd {
	s.busy, s.now = false, r
	if s.stale {
		return tea.Batch(s.evaluate(), s.list.Reorder())
	}
	return s.list.Reorder()
}
