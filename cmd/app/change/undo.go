package change

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
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
// Of a run that was interrupted that is what shows of it: ending it is for when the undo
// begins.
func (p Planner) Undo(ctx context.Context, r journal.Run, o Asked) (plan.Undo, error) {
	if err := r.MayUndo(); err != nil {
		return plan.Undo{}, err
	}
	b, err := p.Reader(r.Plan.Registry)
	if err != nil {
		return plan.Undo{}, err
	}
	left, err := p.leftovers(ctx, r)
	if err != nil {
		return plan.Undo{}, err
	}
	if r, err = p.App.Runner().Seen(ctx, r); err != nil {
		return plan.Undo{}, err
	}
	with, err := p.App.Planning(ctx, r.Plan.Registry, o.InUse)
	if err != nil {
		return plan.Undo{}, err
	}
	tell, end := p.asking()
	defer end()
	u, err := survey.Undo(ctx, b, p.App.Keeper(), r, with, tell)
	if err != nil {
		return u, err
	}
	if !u.Plan.Empty() {
		u, err = p.standing(ctx, r, u, o)
	}
	u.Plan.Notes = append(u.Plan.Notes, clearing(left)...)
	u.Plan.Undoes = r.Outcomes()
	return u, err
}

// broken are the undos of a run that were interrupted: they end when another begins.
func (p Planner) broken(ctx context.Context, r journal.Run) ([]journal.Run, error) {
	var out []journal.Run
	for _, id := range r.UndoneInPart {
		u, err := p.App.Journal().Run(ctx, id)
		if err != nil {
			return nil, err
		}
		if u.State == journal.Interrupted {
			out = append(out, u)
		}
	}
	return out, nil
}

// leftovers are the dummies that a run and its undos have left in the registry.
func (p Planner) leftovers(ctx context.Context, r journal.Run) ([]ref.Reference, error) {
	broken, err := p.broken(ctx, r)
	if err != nil {
		return nil, err
	}
	var out []ref.Reference
	for _, r := range append(broken, r) {
		left, err := p.App.Runner().Leftovers(ctx, r)
		if err != nil {
			return nil, err
		}
		out = append(out, left...)
	}
	return out, nil
}

// clearing says which dummies an undo deletes before it begins.
func clearing(left []ref.Reference) []string {
	var out []string
	for _, at := range left {
		tag := ""
		if at.Tag != "" {
			tag, at.Tag = ", with the tag "+at.Tag, ""
		}
		out = append(out, "the dummy manifest "+at.String()+" that the run left is deleted"+tag)
	}
	return out
}

// EndIdle ends a run that was interrupted before it had changed anything, as the plan of
// its undo shows: nothing is left to confirm, and it would be offered again.
func (p Planner) EndIdle(ctx context.Context, r journal.Run, undo plan.Plan) (plan.Plan, error) {
	if r.State != journal.Interrupted || !undo.Empty() || undo.Loses() {
		return undo, nil
	}
	undo.Notes = append(undo.Notes, "the run had changed nothing: it is not offered any more")
	return undo, p.End(ctx, r)
}

// End ends a run that was interrupted, and of which nothing has to be undone, and deletes
// the dummies that it has left with no tag on them.
func (p Planner) End(ctx context.Context, r journal.Run) error {
	return p.App.Runner().Settle(ctx, r.ID)
}
