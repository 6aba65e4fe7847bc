package run

import (
	"context"
	"errors"

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
// on its way, and undo takes that into account.
func (r *Runner) Abandon(ctx context.Context, id string) error {
	was, err := r.o.Journal.Claim(ctx, id)
	if err != nil {
		return err
	}
	e, err := r.reach(was.Plan)
	if err == nil {
		run := &Run{ends: e, id: was.ID, plan: was.Plan, jour: r.o.Journal}
		run.calls, run.watch, run.result = make([]call, len(was.Steps)), newWatch(e.reg, was.Plan, r.o.Now), was.Result()
		for _, s := range was.Steps {
			run.doubt = append(run.doubt, s.Outcome == plan.Running)
		}
		if err = run.findOut(ctx, &was); err == nil {
			err = run.sayGone(ctx)
		}
	}
	return errors.Join(err, r.o.Journal.End(context.WithoutCancel(ctx), was.ID, journal.Cancelled))
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

func (r *Run) findOut(ctx context.Context, was *journal.Run) error {
	for i, s := range was.Steps {
		outcome, why := plan.Skipped, "interrupted"
		switch {
		case s.Outcome.Ended():
			continue
		case s.Outcome == plan.Running:
			var err error
			if outcome, why, err = r.howItWent(ctx, i); err != nil {
				return err
			}
			if outcome == plan.Running {
				continue
			}
		}
		if err := r.jour.Settle(ctx, r.id, i, outcome, why); err != nil {
			return err
		}
		r.result.Steps[i].Outcome = outcome
	}
	return nil
}

func (r *Run) howItWent(ctx context.Context, i int) (plan.Outcome, string, error) {
	s := r.plan.Steps[i]
	if s.Kind == plan.UntagByDummy {
		if err := r.clearDummy(ctx, i); err != nil {
			return "", "", err
		}
	}
	at, err := r.lookBack(ctx, i)
	switch {
	case fault.Is(err, fault.Drift):
		return plan.Skipped, sentence(err), nil
	case err != nil:
		return "", "", err
	case at == wanted:
		return plan.Done, "", nil
	}
	return plan.Running, "", nil
}

// clearDummies deletes the dummies that a run has left in the registry.
func (r *Runner) clearDummies(ctx context.Context, was journal.Run) error {
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
		if err := left.clearBoth(ctx, i, was.Steps[i]); err != nil {
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
