package rollback

import (
	"context"

	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/rollback"
)

// DeployPlan plans new deployments of what follows the tags, as they are meant to be now.
func (t *Following) DeployPlan(ctx context.Context) (plan.Plan, error) {
	host := t.goals[0].Tag.Host
	if err := t.app.ReadOnly(host); err != nil {
		return plan.Plan{}, err
	}
	p := plan.Plan{Registry: host, CreatedAt: t.app.Now().UTC()}
	now := map[ref.Reference]ref.Digest{}
	all, err := t.lapses(ctx)
	if err != nil {
		return p, err
	}
	var followers []plan.Follower
	for _, l := range all {
		now[l.Facts.Tag] = l.Target.Digest
		f, err := Followers(ctx, t.app, l.Facts.Tag, l.Facts.Uses, "")
		if err != nil {
			return p, err
		}
		followers = append(followers, f...)
		p.Notes = append(p.Notes, l.NotDeployed(len(f))...)
	}
	if len(followers) == 0 {
		return p, all[0].NothingToDeploy("")
	}
	p = plan.ToDeploy(p, followers, now)
	p.Notes = append([]string{
		"each starts tasks of what its tag points to, one by one, and stops those that run now",
	}, p.Notes...)
	return p, nil
}

// Next are the goals of going back to the candidates after those that were chosen.
func (t *Following) Next() []rollback.Goal {
	var out []rollback.Goal
	for _, l := range t.state().all {
		g := rollback.Goal{Tag: l.Facts.Tag, From: l.Target.Digest, To: l.Target}
		if one, ok := Next(l); ok {
			g.To = one
		}
		out = append(out, g)
	}
	return out
}

// NextName is how the next candidate is named on the command line.
func NextName(l *Case) string {
	one, ok := Next(l)
	switch {
	case !ok:
		return ""
	case len(one.Tags) > 0:
		return one.Tags[0]
	}
	return string(one.Digest)
}
