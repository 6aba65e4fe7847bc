package run

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/redact"
)

// step carries out one step. Stop is heeded before each look and each change:
// what was begun is followed until it is known how it ended.
func (r *Run) step(stop context.Context, i int) ending {
	e := r.attempt(stop, i)
	if r.doubt[i] && e.fatal == nil {
		e = r.doubtful(stop, e)
	}
	if e.fatal == nil && !e.waits {
		why := ""
		if e.err != nil {
			why = r.why(e)
		}
		e.fatal = r.jour.Settle(context.WithoutCancel(stop), r.id, i, e.written(), why)
	}
	return e
}

// why is the error of a step in a line of a result. A delete that is not done after its tags
// were taken off says so: the image stays without them.
func (r *Run) why(e ending) string {
	s, why := r.plan.Steps[e.step], sentence(e.err)
	if s.Kind != plan.Delete || e.outcome.Succeeded() || e.unsure {
		return why
	}
	var off []string
	for _, i := range s.After {
		before := r.plan.Steps[i]
		untags := before.Kind == plan.Untag || before.Kind == plan.UntagByDummy
		if untags && before.Digest == s.Digest && r.result.Steps[i].Outcome == plan.Done {
			off = append(off, before.Reference.Tag)
		}
	}
	if len(off) == 0 {
		return why
	}
	return why + "; it stays without " + strings.Join(off, ", ") + ", which this run took off"
}

// written is the outcome in the journal: what failed without its end being known
// stays in doubt there, so that resuming and undoing look again.
func (e ending) written() plan.Outcome {
	if e.unsure {
		return plan.Running
	}
	return e.outcome
}

// doubtful is the end of a step that was asked for before this run went on, by what shows
// of it: that it could not be tried now says nothing of that.
func (r *Run) doubtful(stop context.Context, e ending) ending {
	if e.outcome.Succeeded() || e.waits || e.unsure {
		return e
	}
	ctx, cancel := lingering(stop)
	defer cancel()
	at, err := r.lookBack(ctx, e.step)
	switch {
	case err == nil && at == wanted:
		return ending{step: e.step, outcome: r.asWanted(e.step)}
	case !fault.Is(err, fault.Drift):
		e.unsure = true
	}
	return e
}

// attempt writes down what the step is about to do, and only then takes one of
// the places at the registry: what waits for the disk holds nobody up, and
// nothing lies between the look and the change.
func (r *Run) attempt(stop context.Context, i int) ending {
	saved, lost := r.save(r.heeding(stop), i)
	switch {
	case lost != nil && stop.Err() != nil:
		return ending{step: i, outcome: plan.Skipped, err: cancelled(stop)}
	case lost != nil && !fault.Is(lost, fault.NotFound):
		return ending{step: i, outcome: plan.Failed, err: lost}
	}
	if err := r.jour.Intend(context.WithoutCancel(stop), r.id, i, saved); err != nil {
		return ending{step: i, outcome: plan.Skipped, err: err, fatal: err}
	}
	t := &trying{Run: r, i: i, lost: lost}
	for _, m := range saved {
		r.kept.Store(m.Digest, true)
	}
	if len(saved) > 0 {
		t.was = saved[0]
	}
	return t.leftover(stop, t.carryOut(stop))
}

// asWanted is the outcome of a step that finds nothing to do: done by this run before
// it was interrupted, or by a step before, which has then kept the manifest; else by
// somebody else.
func (r *Run) asWanted(i int) plan.Outcome {
	s := r.plan.Steps[i]
	_, kept := r.kept.Load(s.Digest)
	if r.doubt[i] || r.proving || s.Kind == plan.Delete && len(s.After) > 0 && kept {
		return plan.Done
	}
	return plan.Unchanged
}

func notYet(s plan.Step) error {
	return &fault.Error{
		Op: string(s.Kind), Object: s.Reference.String(), Kind: fault.Unavailable,
		Detail: "the registry says that it is done, and shows no change",
	}
}

// unsure says what is known of a step whose end could not be found out.
func unsure(did, err error) error {
	switch {
	case fault.Is(err, fault.Drift):
		return err
	case did == nil:
		return fmt.Errorf("the registry took it, but it could not be looked at again: %w", err)
	}
	return fmt.Errorf("%w; whether it was done is not known: %w", did, err)
}

// save reads the manifests that the step loses, and those of the steps that come
// right after it: a registry may take these along.
func (r *Run) save(ctx context.Context, i int) ([]image.Manifest, error) {
	s := r.plan.Steps[i]
	if s.Kind == plan.LifecyclePolicy {
		return r.savePolicy(ctx, s)
	}
	var saved []image.Manifest
	if d := s.Loses(); d != "" {
		m, err := r.reg.Manifest(ctx, s.Reference.Repository, string(d))
		switch {
		case err == nil:
			saved = append(saved, m)
		case !fault.Is(err, fault.NotFound) || s.Kind != plan.Delete || !r.apart(ctx, s):
			return nil, fmt.Errorf("keep what is about to be lost: %w", err)
		}
	}
	if s.Kind != plan.Delete {
		return saved, nil
	}
	for _, after := range r.after[i] {
		k := r.plan.Steps[after]
		if k.Kind != plan.Delete {
			continue
		}
		m, err := r.reg.Manifest(ctx, k.Reference.Repository, string(k.Digest))
		if err == nil {
			saved = append(saved, m)
		} else if !fault.Is(err, fault.NotFound) {
			return nil, fmt.Errorf("keep what may be lost along: %w", err)
		}
	}
	return saved, nil
}

// sentence is an error in a line of a result.
func sentence(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind == fault.Drift {
		return redact.Line(fault.Drift.String() + ": " + f.Detail)
	}
	return redact.Line(err.Error())
}
