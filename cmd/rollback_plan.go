package cmd

import (
	"context"
	"slices"

	"regatta/cmd/app"
	"regatta/model/plan"
	"regatta/model/rollback"
)

// rollbackPlan plans to take tags back, each to its target, with what was left behind
// kept under a tag of its own if keep is given.
func rollbackPlan(ctx context.Context, s *app.App, all []*lapse, keep string) (plan.Plan, error) {
	var views []plan.View
	var backs []plan.Back
	at := map[string]int{}
	for _, l := range all {
		repo := l.facts.Tag.Repository
		if _, ok := at[repo]; !ok {
			at[repo] = len(views)
			views = append(views, l.view())
		}
		views[at[repo]].Graph.Tag(l.facts.Tag.Tag, l.facts.Current)
		b := plan.Back{Tag: l.facts.Tag, To: l.target.Digest}
		if keep != "" {
			b.Keep = rollback.KeepTag(keep, l.facts.Now)
		}
		backs = append(backs, b)
	}
	with, err := s.Planning(ctx, all[0].facts.Tag.Host, true)
	if err != nil {
		return plan.Plan{}, err
	}
	p, err := plan.ToRollback(views, backs, with)
	for _, l := range all {
		if said := rollback.Skew(l.facts); said != "" && !slices.Contains(p.Notes, said) {
			p.Notes = append(p.Notes, said)
		}
	}
	return p, err
}
