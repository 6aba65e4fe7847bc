package change

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/journal"
	"regatta/model/plan"
)

// Record is a run as Markdown, with the deployments of what it has changed, and with what
// its undo would bring back as things are.
func (p Planner) Record(ctx context.Context, id string) (string, error) {
	r, err := p.App.Journal().Run(ctx, id)
	if err != nil {
		return "", err
	}
	all, err := p.App.Journal().Runs(ctx, app.MostRuns)
	return journal.Markdown(r.WithDeployments(all), p.undoes(ctx, r)), err
}

// undoes is what an undo of the run brings back; empty where that is not known.
func (p Planner) undoes(ctx context.Context, r journal.Run) plan.Verdict {
	if r.MayUndo() != nil || !r.Changed() {
		return ""
	}
	u, err := p.Undo(ctx, r, Asked{InUse: true, SlowList: plan.WhereSlow})
	if err != nil {
		return ""
	}
	return u.Verdict
}
