package run

import (
	"context"
	"errors"
	"slices"

	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
)

// Settle ends a run that is about to be undone, if it was interrupted, and so an
// undo of it that was: of the two that one must not be resumed. Dummies that a run which
// has ended could not delete are deleted, with the tags on them.
func (r *Runner) Settle(ctx context.Context, id string) error {
	if id == "" {
		return nil
	}
	was, err := r.o.Journal.Run(ctx, id)
	switch {
	case err != nil:
		return err
	case was.State == journal.Interrupted:
		if err := r.Abandon(ctx, was.ID); err != nil {
			return err
		}
	case was.State == journal.Running, was.State == journal.Elsewhere:
		return &fault.Error{Op: "undo run", Object: was.ID, Kind: fault.Drift, Detail: "it is still running"}
	default:
		if err := r.clearDummies(ctx, was); err != nil {
			return err
		}
	}
	for _, id := range was.UndoneInPart {
		if u, err := r.o.Journal.Run(ctx, id); err != nil {
			return err
		} else if u.State != journal.Interrupted {
			continue
		}
		if err := r.Abandon(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// Abandon ends a run that was interrupted, so that it can be undone: of every
// step that was under way it finds out whether it was done, and the others are
// skipped. A tag that was left on a dummy is removed, as the step meant to. A
// step that seems not to have been done stays in doubt: its request may still be
// on its way, and undo takes that into account. So does one whose tag somebody has
// moved since: nothing shows any more whether it was done.
func (r *Runner) Abandon(ctx context.Context, id string) error {
	was, err := r.o.Journal.Claim(ctx, id)
	if err != nil {
		return err
	}
	e, err := r.reach(was.Plan)
	if err == nil {
		run := r.ended(e, was, r.o.Journal)
		err = run.clearDoubtful(ctx)
		if err == nil {
			err = run.findOut(ctx, &was)
		}
	}
	return errors.Join(err, r.o.Journal.End(context.WithoutCancel(ctx), was.ID, journal.Cancelled))
}

// ended is a run that was interrupted, and does nothing any more.
func (r *Runner) ended(e ends, was journal.Run, jour Journal) *Run {
	run := &Run{ends: e, id: was.ID, plan: was.Plan, jour: jour}
	run.calls, run.watch, run.result = make([]call, len(was.Steps)), newWatch(e.reg, was.Plan, r.o.Now), was.Result()
	for _, s := range was.Steps {
		run.doubt = append(run.doubt, s.Outcome == plan.Running)
	}
	return run
}

// clearDoubtful deletes the dummies with a tag that steps have left which were under way.
func (r *Run) clearDoubtful(ctx context.Context) error {
	for i, s := range r.plan.Steps {
		if s.Kind != plan.UntagByDummy || !r.doubt[i] {
			continue
		}
		if err := r.clearDummy(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// sayGone writes down what went along before the run was interrupted.
func (r *Run) sayGone(ctx context.Context) error {
	kept, err := r.jour.KeptTags(ctx, r.id)
	if err != nil || len(kept) == 0 {
		return err
	}
	r.watch.recall(kept)
	s := &schedule{Run: r}
	s.compare(ctx)
	return s.fatal
}

// findOut writes down what became of the steps that have not ended, and what went along
// before the run was interrupted.
func (r *Run) findOut(ctx context.Context, was *journal.Run) error {
	for i, s := range slices.Clone(was.Steps) {
		outcome, why := plan.Skipped, "interrupted"
		switch {
		case s.Outcome.Ended():
			continue
		case s.Outcome == plan.Running:
			done, err := r.wasDone(ctx, i)
			if err != nil {
				return err
			}
			if !done {
				continue // in doubt
			}
			outcome, why = plan.Done, ""
		}
		if err := r.jour.Settle(ctx, r.id, i, outcome, why); err != nil {
			return err
		}
		r.result.Steps[i].Outcome = outcome
	}
	return r.sayGone(ctx)
}

func (r *Run) wasDone(ctx context.Context, i int) (bool, error) {
	at, err := r.lookBack(ctx, i)
	if fault.Is(err, fault.Drift) {
		return false, nil
	}
	return at == wanted || at == half, err
}

// clearDummies deletes the dummies that a run has left in the registry.
func (r *Runner) clearDummies(ctx context.Context, was journal.Run) error {
	return r.eachLeft(was, func(left *Run, i int) error { return left.clearBoth(ctx, i, was.Steps[i]) })
}

// eachLeft calls do for the steps of a run that may have left a dummy.
func (r *Runner) eachLeft(was journal.Run, do func(left *Run, i int) error) error {
	var left *Run
	for i, s := range was.Plan.Steps {
		if s.Kind != plan.UntagByDummy || i >= len(was.Steps) || !wasTried(was.Steps[i]) {
			continue
		}
		if left == nil {
			e, err := r.reach(was.Plan)
			if err != nil {
				return err
			}
			left = &Run{ends: e, id: was.ID, plan: was.Plan, jour: r.o.Journal}
		}
		if err := do(left, i); err != nil {
			return err
		}
	}
	return nil
}

// clearBoth deletes the dummy of a step, with a tag on it or without. One without a tag is
// in nobody's way: where it stays, the journal goes on naming it.
func (r *Run) clearBoth(ctx context.Context, i int, was journal.Step) error {
	if err := r.clearDummy(ctx, i); err != nil {
		return err
	}
	if err := r.clearLoose(ctx, i); err != nil {
		return ctx.Err()
	}
	return r.forget(ctx, i, was)
}

func (r *Run) clearDummy(ctx context.Context, i int) error {
	s := r.plan.Steps[i]
	dummy := dummyOf(r.dummyName(i))
	d, there, err := r.resolve(ctx, s.Reference, s.Reference.Tag)
	if err != nil || !there || d != dummy {
		return err
	}
	return r.reg.DeleteManifest(ctx, s.Reference.Repository, dummy, s.Reference.Tag)
}
