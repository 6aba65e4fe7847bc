package lifecycle

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/lifecycle"
)

// repository is a row. It is not changed: filters read it while the screen goes
// on.
type repository struct {
	name string
	read bool // and in and own are known
	in   Loaded
	own  string // the policy that it has
	err  error  // it could not be read, or its policy is not valid

	tried bool   // what follows is known
	text  string // what was tried, empty: its own
	rules int    // of the policy
	sum   lifecycle.Summary
	inUse int // would go, and somebody runs them
}

// tally is what a policy does to a repository.
type tally struct {
	at    int
	of    *repository
	text  string
	rules int
	sum   lifecycle.Summary
	inUse int
	err   error
}

// due tells whether what is shown of a repository is not yet what is asked for.
func (s *Several) due(r *repository) bool { return r.read && (!r.tried || r.text != s.text) }

// again works out off the loop what is not known yet, once that is possible.
func (s *Several) again() tea.Cmd {
	if s.busy || len(s.violations) > 0 || !slices.ContainsFunc(s.rows, s.due) {
		return nil
	}
	s.busy = true
	rows, text, policy, now := slices.Clone(s.rows), s.text, s.policy, s.com.Now()
	for i, r := range rows {
		if !s.due(r) {
			rows[i] = nil
		}
	}
	return s.work.Go(func(context.Context) tea.Msg {
		var out talliesMsg
		for at, r := range rows {
			if r == nil {
				continue
			}
			p, o := policy, tally{at: at, of: r, text: text}
			if text == "" {
				p, o.err = ownPolicy(r.own)
			}
			if o.err == nil {
				e := lifecycle.Evaluate(p, r.in.Images, now, nil)
				o.rules, o.sum, o.inUse = len(p.Rules()), e.Summarize(r.in.Weigh), inUse(e, r.in)
			}
			out = append(out, o)
		}
		return out
	})
}

// ownPolicy is the policy that a repository has; without one, it keeps all.
func ownPolicy(text string) (lifecycle.Policy, error) {
	if text == "" {
		return lifecycle.Policy{}, nil
	}
	p, violations := lifecycle.Parse(text)
	if len(violations) > 0 {
		return p, errors.New("ECR would not take its policy any more: " + violations[0].String())
	}
	return p, nil
}

func inUse(e *lifecycle.Evaluation, in Loaded) int {
	n := 0
	for i, v := range e.Verdicts {
		if v.Outcome == lifecycle.Expire && in.UsedBy != nil && len(in.UsedBy(e.Images[i].Digest)) > 0 {
			n++
		}
	}
	return n
}

func (s *Several) onTallies(msg talliesMsg) tea.Cmd {
	s.busy = false
	for _, o := range msg {
		r := *o.of
		r.tried, r.text, r.rules, r.sum, r.inUse, r.err = true, o.text, o.rules, o.sum, o.inUse, o.err
		s.rows[o.at] = &r
	}
	return tea.Batch(s.again(), s.List.Changed())
}

// sum adds up what is known.
func (s *Several) sum() (all lifecycle.Summary, inUse, known, failed int) {
	for _, r := range s.rows {
		switch {
		case r.err != nil:
			failed++
		case r.tried:
			known++
			inUse += r.inUse
			all.Expire += r.sum.Expire
			all.Transition += r.sum.Transition
			all.Keep += r.sum.Keep
			all.ReclaimedBytes += r.sum.ReclaimedBytes
			all.Estimated = all.Estimated || r.sum.Estimated
		}
	}
	return all, inUse, known, failed
}
