package change

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/registry/survey"
)

// Newest is the newest run that is there to be undone. Advice says how the runs are
// listed, where there is none.
func (p Planner) Newest(ctx context.Context, advice string) (journal.Run, error) {
	all, err := p.App.Journal().Runs(ctx, app.MostRuns)
	if err != nil {
		return journal.Run{}, err
	}
	for i, r := range all {
		if r.Undoable() && r.Changed() && !r.DeployedOver(all[:i]) {
			return r, nil
		}
	}
	return journal.Run{}, &fault.Error{Detail: "nothing to undo", Advice: advice}
}

// Undo plans to put back what a run changed, as the registry and the journal have it now.
func (p Planner) Undo(ctx context.Context, r journal.Run, o Asked) (plan.Undo, error) {
	if err := r.MayUndo(); err != nil {
		return plan.Undo{}, err
	}
	b, err := p.Reader(r.Plan.Registry)
	if err != nil {
		return plan.Undo{}, err
	}
	with, err := p.App.Planning(ctx, r.Plan.Registry, o.InUse)
	if err != nil {
		return plan.Undo{}, err
	}
	tell, end := p.asking()
	defer end()
	u, err := survey.Undo(ctx, b, p.App.Keeper(), r, with, tell)
	if err != nil || u.Plan.Empty() {
		return u, err
	}
	return p.standing(ctx, r, u)
}
