package run

import (
	"context"
	"slices"

	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
)

// Seen is a run that was interrupted as what it has changed shows now: what Settle would
// write down, of which nothing is written, here or in the registry. A tag on a dummy of
// the run counts as removed. Other runs are what they are.
func (r *Runner) Seen(ctx context.Context, was journal.Run) (journal.Run, error) {
	if was.State != journal.Interrupted {
		return was, nil
	}
	was.Steps, was.Remarks = slices.Clone(was.Steps), slices.Clone(was.Remarks)
	e, err := r.reach(was.Plan)
	if err == nil {
		err = r.ended(e, was, &margin{Journal: r.o.Journal, run: &was}).findOut(ctx, &was)
	}
	return was, err
}

// margin takes what would be written down of a run, and leaves the journal as it is.
type margin struct {
	Journal

	run *journal.Run
}

// Settle implements Steps.
func (m *margin) Settle(_ context.Context, _ string, step int, o plan.Outcome, why string) error {
	m.run.Steps[step].Outcome, m.run.Steps[step].Error = o, why
	return nil
}

// Remark implements Steps.
func (m *margin) Remark(_ context.Context, _ string, remarks ...journal.Remark) error {
	m.run.Remarks = append(m.run.Remarks, remarks...)
	return nil
}

// Leftovers are the dummies that a run has left in the registry, each with the tag if that
// is on it. Settle deletes them.
func (r *Runner) Leftovers(ctx context.Context, was journal.Run) ([]ref.Reference, error) {
	var out []ref.Reference
	err := r.eachLeft(was, func(left *Run, i int) error {
		at := left.plan.Steps[i].Reference
		dummy := dummyOf(left.dummyName(i))
		if _, there, err := left.resolve(ctx, at, string(dummy)); err != nil || !there {
			return err
		}
		now, _, err := left.resolve(ctx, at, at.Tag)
		if at.Digest = dummy; now != dummy {
			at.Tag = ""
		}
		out = append(out, at)
		return err
	})
	return out, err
}

// stillStands refuses an undo of a run that has gone on since the undo was planned, or of
// which other steps show now to be done: it would put back a part of it.
func (r *Runner) stillStands(ctx context.Context, p plan.Plan, undoOf string) error {
	if undoOf == "" || p.Undoes == nil {
		return nil
	}
	was, err := r.o.Journal.Run(ctx, undoOf)
	if err == nil {
		was, err = r.Seen(ctx, was)
	}
	if err != nil {
		return err
	}
	// A plan may undo other runs with it, whose steps come after.
	if now := was.Outcomes(); slices.Equal(now, p.Undoes[:min(len(now), len(p.Undoes))]) {
		return nil
	}
	return &fault.Error{
		Op: "undo run", Object: undoOf, Kind: fault.Drift, Detail: "it has gone on since this was planned",
		Advice: "plan the undo again",
	}
}
