package cleanup

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/cleanup"
	"regatta/model/ref"
)

// row is an image and what becomes of it. It is never changed: it is read off
// the loop too.
type row struct {
	image   *cleanup.Image
	verdict cleanup.Verdict
	frees   int64 // bytes that come back with it
	hand    bool  // an exception was made of it
}

// result is what the rules come to.
type result struct {
	rules cleanup.Rules
	found *cleanup.Selection
	sum   cleanup.Summary
	rows  []*row // as the stock has them
	most  int64  // bytes that come back with one of them
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
		r.fill(in)
		return resultMsg{r}
	})
}

// fill makes the rows, and shares the bytes that come back among those that go.
func (r *result) fill(in Loaded) {
	images := r.found.Stock.Images
	var gone []ref.Digest
	var rows []*row
	r.rows = make([]*row, len(images))
	for i, v := range r.found.Verdicts {
		img := &images[i]
		r.rows[i] = &row{image: img, verdict: v, hand: r.rules.Exceptions[img.Digest] != 0}
		if v.Outcome == cleanup.Removed {
			gone, rows = append(gone, img.Digest), append(rows, r.rows[i])
		}
	}
	for i, n := range in.Shares(gone) {
		rows[i].frees = n
		r.most = max(r.most, n)
	}
}

func (s *Screen) onResult(r *result) tea.Cmd {
	s.busy, s.now = false, r
	if s.stale {
		return tea.Batch(s.evaluate(), s.List.Reorder())
	}
	return s.List.Reorder()
}
