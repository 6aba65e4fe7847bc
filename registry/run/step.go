package run

import (
	"context"
	"errors"
	"fmt"
	"time"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/redact"
)

const (
	tries      = 5           // to act, and to look
	firstPause = time.Second // between them, doubled each time
	most401    = 3           // tries where the credentials are refused
)

// step carries out one step. Stop is only heeded between tries: what was begun
// is followed until it is known how it ended.
func (r *Run) step(stop context.Context, i int) ending {
	ctx := context.WithoutCancel(stop)
	e := r.attempt(ctx, stop, i)
	if e.fatal == nil && !e.waits {
		why := ""
		if e.err != nil {
			why = sentence(e.err)
		}
		e.fatal = r.jour.Settle(ctx, r.id, i, e.written(), why)
	}
	return e
}

// written is the outcome in the journal: what failed without its end being known
// stays in doubt there, so that resuming and undoing look again.
func (e ending) written() plan.Outcome {
	if e.unsure {
		return plan.Running
	}
	return e.outcome
}

// attempt writes down what the step is about to do, and only then takes one of
// the places at the registry: what waits for the disk holds nobody up, and
// nothing lies between the look and the change.
func (r *Run) attempt(ctx, stop context.Context, i int) ending {
	saved, lost := r.save(ctx, i)
	if lost != nil && !fault.Is(lost, fault.NotFound) {
		return ending{step: i, outcome: plan.Failed, err: lost}
	}
	if err := r.jour.Intend(ctx, r.id, i, saved); err != nil {
		return ending{step: i, outcome: plan.Skipped, err: err, fatal: err}
	}
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-stop.Done():
		return ending{step: i, outcome: plan.Skipped, err: stop.Err()}
	}
	if e := r.precondition(ctx, stop, i, lost); e.outcome.Ended() || e.waits {
		return e
	}
	return r.act(ctx, stop, i)
}

// precondition looks whether the step may act; it has ended where there is
// nothing to do, or nothing that may be done. Lost says that the manifest which
// the step is about to lose is not there to be kept.
func (r *Run) precondition(ctx, stop context.Context, i int, lost error) ending {
	at, err := r.lookPatiently(ctx, stop, i)
	switch {
	case fault.Is(err, fault.Drift) && r.proving:
		return ending{step: i, outcome: plan.Done} // whoever has set it since knew that
	case fault.Is(err, fault.Drift):
		return ending{step: i, outcome: plan.Skipped, err: err}
	case err != nil:
		return ending{step: i, outcome: plan.Failed, err: err, unsure: r.proving}
	case at == underway:
		return ending{step: i, outcome: plan.Running, waits: true}
	case at == wanted, lost != nil && r.plan.Steps[i].Kind == plan.Delete:
		return ending{step: i, outcome: r.asWanted(i)}
	case lost != nil:
		return ending{step: i, outcome: plan.Failed, err: lost}
	}
	return ending{step: i, outcome: plan.Running}
}

// asWanted is the outcome of a step that finds nothing to do.
func (r *Run) asWanted(i int) plan.Outcome {
	if r.doubt[i] || r.proving || r.plan.Steps[i].Kind == plan.Delete && len(r.plan.Steps[i].After) > 0 {
		return plan.Done // by this run, before it was interrupted or by a step before
	}
	return plan.Unchanged
}

// act tries until it is known that the step is done, or cannot be.
func (r *Run) act(ctx, stop context.Context, i int) ending {
	for n := 1; ; n++ {
		did := r.do(ctx, stop, i)
		if did == nil && r.provesLater(i) {
			return ending{step: i, outcome: plan.Done, unproven: true}
		}
		e := r.judge(ctx, i, did, n)
		if e.outcome.Ended() || e.waits {
			return e
		}
		if outcome := over(stop, e.err, n); outcome.Ended() {
			return ending{step: i, outcome: outcome, err: e.err}
		}
	}
}

// judge looks what try n has done. A step that may be tried again is still
// running; its error is why it has to be.
func (r *Run) judge(ctx context.Context, i int, did error, n int) ending {
	at, err := r.lookBack(ctx, i)
	if at == underway && err == nil {
		return ending{step: i, outcome: plan.Running, waits: true}
	}
	return r.judged(i, at, err, did, n)
}

func (r *Run) judged(i int, at sight, err, did error, n int) ending {
	switch {
	case at == wanted && err == nil && n == 1 && fault.Is(did, fault.NotFound):
		return ending{step: i, outcome: r.asWanted(i)} // somebody else was faster
	case at == wanted && err == nil, did == nil && fault.Is(err, fault.Drift):
		return ending{step: i, outcome: plan.Done} // whoever moved it since knew that
	case did == nil && err == nil:
		did = notYet(r.plan.Steps[i])
	case err != nil:
		return ending{step: i, outcome: plan.Failed, err: unsure(did, err), unsure: !fault.Is(err, fault.Drift)}
	}
	return ending{step: i, outcome: plan.Running, err: did}
}

// over is how a step ends that was not done at try n, once it has waited and
// may not be tried again.
func over(stop context.Context, did error, n int) plan.Outcome {
	switch {
	case stop.Err() != nil && fault.Is(did, fault.Cancelled):
		return plan.Skipped
	case n == tries || !passing(did, n):
		return plan.Failed
	case pause(stop, n) != nil:
		return plan.Skipped
	}
	return plan.Running
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

// lookPatiently looks until there is an answer.
func (r *Run) lookPatiently(ctx, stop context.Context, i int) (sight, error) {
	return patiently(stop, func() (sight, error) { return r.look(ctx, i) })
}

// lookBack looks whether a step that acted has done what it says.
func (r *Run) lookBack(ctx context.Context, i int) (sight, error) {
	return patiently(ctx, func() (sight, error) {
		if s := r.plan.Steps[i]; s.Kind == plan.Delete {
			_, there, err := r.resolve(ctx, s.Reference, string(s.Digest))
			return seen(there, before, wanted), err
		}
		return r.look(ctx, i)
	})
}

func patiently(stop context.Context, look func() (sight, error)) (sight, error) {
	for n := 1; ; n++ {
		at, err := look()
		if err == nil || n == tries || !passing(err, n) || pause(stop, n) != nil {
			return at, err
		}
	}
}

// passing reports whether the same may go well the next time, after try n.
func passing(err error, n int) bool {
	switch fault.KindOf(err) { //nolint:exhaustive // the others stay as they are
	case fault.RateLimited, fault.Unreachable, fault.Timeout, fault.Unavailable, fault.Protocol:
		return true
	case fault.Auth:
		return n < most401 // a token may have run out twice
	}
	return false
}

func pause(stop context.Context, n int) error {
	t := time.NewTimer(firstPause << (n - 1))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-stop.Done():
		return stop.Err()
	}
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
