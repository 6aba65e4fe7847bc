package rollback

import (
	"context"
	"maps"
	"slices"

	"regatta/cmd/app"
	"regatta/model/plan"
	"regatta/model/rollback"
	"regatta/registry/survey"
)

// Plan plans to take tags back, each to its target, with what was left behind
// kept under a tag of its own if keep is given. It says what undo brings back.
// Where there is none because a check forbids to go back, that is why.
func Plan(ctx context.Context, s *app.App, all []*Case, keep string) (plan.Plan, error) {
	var views []plan.View
	var backs []plan.Back
	at, seen := map[string]int{}, plan.Presence{}
	for _, l := range all {
		repo := l.Facts.Tag.Repository
		if _, ok := at[repo]; !ok {
			at[repo] = len(views)
			views = append(views, l.view())
		}
		maps.Copy(seen, l.seen)
		views[at[repo]].Graph.Tag(l.Facts.Tag.Tag, l.Facts.Current)
		b := plan.Back{Tag: l.Facts.Tag, To: l.Target.Digest}
		if keep != "" && !l.broken {
			b.Keep = rollback.KeepTag(keep, l.Facts.Now)
		}
		backs = append(backs, b)
	}
	with, err := s.Planning(ctx, all[0].Facts.Tag.Host, true)
	if err != nil {
		return plan.Plan{}, err
	}
	p, err := plan.ToRollback(views, backs, with)
	switch why := Barred(all); {
	case err != nil && why != nil:
		err = why // the check says more than the step that it forbids
	case err == nil:
		p, err = survey.Moved(ctx, all[0].Backend, p, seen, nil, views...)
	}
	for _, l := range all {
		l.say(&p, l.Among(all), keep)
	}
	return p, err
}

// say has a plan say what the checks leave to decide, that nothing keeps what is left
// behind, and that clocks differ.
func (l *Case) say(p *plan.Plan, among, keep string) {
	for _, c := range l.Checks {
		if c.Level == rollback.Warn {
			p.Risks = append(p.Risks, plan.Risk{Kind: plan.Preflight, Reason: among + c.Name + ": " + c.Text})
		}
	}
	if keep != "" && l.broken {
		p.Notes = append(p.Notes, "no tag keeps what "+l.Facts.Tag.Tag+
			" leaves: it is not whole, and a registry may refuse to set a tag on it")
	}
	if said := rollback.Skew(l.Facts); said != "" && !slices.Contains(p.Notes, said) {
		p.Notes = append(p.Notes, said)
	}
}

// Among begins what is said of a tag that goes back with others.
func (l *Case) Among(all []*Case) string {
	if len(all) == 1 {
		return ""
	}
	return l.Facts.Tag.Repository + ":" + l.Facts.Tag.Tag + " "
}
