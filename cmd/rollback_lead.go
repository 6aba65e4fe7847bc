package cmd

import (
	"context"

	rollbacks "regatta/cmd/app/rollback"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	model "regatta/model/rollback"
	"regatta/model/text"
	"regatta/ui/kit"
	"regatta/ui/screen/review"
)

// screen is the plan of the rollback, which leads to what it has left.
func (t *trip) screen() kit.Screen {
	tags := make([]ref.Reference, len(t.goals))
	for i, g := range t.goals {
		tags[i] = g.Tag
	}
	return t.planScreen(review.Wiring{
		Context: t.context, Title: "roll back " + t.title(), Verb: "Roll back", Want: typedTags(tags),
		Start: t, Then: t.after, Plan: t.plan, Remedy: t.remedy,
	})
}

// Note implements rollback.Follow.
func (t *trip) Note(ctx context.Context, why string) error {
	return t.app.Journal().Remark(ctx, t.state().run, journal.Remark{About: journal.Why, Text: text.Clean(why)})
}

// Record implements rollback.Follow.
func (t *trip) Record(ctx context.Context) (string, error) {
	return recordOf(ctx, t.app, t.state().run)
}

// deploying starts deployments, and notes the run that does.
type deploying struct{ *trip }

// Start implements review.Starter.
func (d deploying) Start(p plan.Plan, title string) error {
	id, err := d.board.start(p, title, "")
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		d.deploys, d.began, d.asked, d.told, d.since = append(d.deploys, id), d.app.Now(), d.app.Now(), nil, nil
	}
	return err
}

func (t *trip) deployScreen() kit.Screen {
	return t.planScreen(review.Wiring{
		Context: t.context, Title: "deploy what follows " + t.goals[0].Tag.Tag, Verb: "Deploy", Start: deploying{t},
		Plan: func(ctx context.Context) (plan.Plan, error) {
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
				f, err := rollbacks.Followers(ctx, t.app, l.Facts.Tag, l.Facts.Uses, "")
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
		},
	})
}

// revertScreen is the plan that undoes the rollback, with what was deployed.
func (t *trip) revertScreen() kit.Screen {
	now := t.state()
	u := &undoing{wiring: t.wiring, id: now.run, also: now.deploys, says: true}
	return t.planScreen(review.Wiring{
		Context: t.context, Title: "revert: " + t.title(), Verb: "Revert", Plan: u.plan, Start: u, Settle: u.settle,
	})
}

// nextScreen is the plan of going back to the candidates after those that were
// chosen.
func (t *trip) nextScreen() kit.Screen {
	next := &trip{wiring: t.wiring, context: t.context}
	for _, l := range t.state().all {
		g := model.Goal{Tag: l.Facts.Tag, From: l.Target.Digest, To: l.Target}
		if one, ok := nextCandidateOf(l); ok {
			g.To = one
		}
		next.goals = append(next.goals, g)
	}
	return next.screen()
}

// verifiedRemarks are what was found after a rollback, for the record.
func verifiedRemarks(l *rollbacks.Case, checks []model.Check) []journal.Remark {
	var out []journal.Remark
	for _, c := range checks {
		out = append(out, journal.Remark{
			About: journal.Verified, Level: string(c.Level),
			Text: text.Clean(l.Facts.Tag.Repository + ":" + l.Facts.Tag.Tag + " " + c.Name + ": " + c.Text),
		})
	}
	return out
}
