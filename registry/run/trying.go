package run

import (
	"context"
	"errors"
	"time"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
)

const (
	tries      = 5           // to act, and to look
	firstPause = time.Second // between them, doubled each time
	most401    = 3           // tries where the credentials are refused
)

// trying is one step on its way.
type trying struct {
	*Run

	i     int
	lost  error          // what the step is about to lose is not there to be kept
	was   image.Manifest // what it is about to lose, where it is there
	acts  int            // how often it was asked for
	looks int            // how often it could not be looked at, or not made ready for, one after the other
	// content is what a retag points its tag at; begun says that its dummy holds the
	// tag already, of a step that removes it in that way.
	content image.Manifest
	begun   bool
}

// errHeld says that the run was paused before the step could act.
var errHeld = errors.New("the run is paused")

// carryOut tries until it is known that the step is done, or cannot be.
func (t *trying) carryOut(stop context.Context) ending {
	for {
		e := t.once(stop)
		if e.outcome.Ended() || e.waits {
			return e
		}
		if e = t.again(stop, e); e.outcome.Ended() {
			return e
		}
	}
}

// again decides whether a step that is not done may be tried once more, and waits
// until then.
func (t *trying) again(stop context.Context, e ending) ending {
	e.step = t.i
	n := max(t.acts, 1) // as a step that acts is looked at as often
	if t.looks > 0 {
		n = t.looks
	}
	switch {
	case errors.Is(e.err, errHeld):
		return e
	case stop.Err() != nil:
		e.outcome, e.err = plan.Skipped, cancelled(stop)
	case t.acts == 0 && t.blind(e.err, n):
		e.outcome = plan.Skipped // nothing was asked for
	case n >= tries || !passing(e.err, n):
		e.outcome = plan.Failed
	case pause(stop, n) != nil:
		e.outcome, e.err = plan.Skipped, cancelled(stop)
	}
	if e.outcome.Ended() && t.proving {
		e.outcome, e.unsure = plan.Failed, true // it was asked for once, and nobody knows what became of it
	}
	return e
}

// blind reports whether lists are too old to decide by, and no other is waited for.
func (t *trying) blind(err error, n int) bool {
	return fault.Is(err, fault.Stale) && (n >= mostTooSlow || t.watch.hopeless(t.plan.Steps[t.i].Reference.Repository))
}

// once waits for the step's turn, looks, and acts in the same moment.
func (t *trying) once(stop context.Context) ending {
	release, err := t.turn(stop)
	if err != nil {
		return t.skipped(stop)
	}
	defer release()
	t.begin(t.i)
	defer t.finish(t.i)
	return t.lookAndAct(stop)
}

func (t *trying) lookAndAct(stop context.Context) ending {
	now, end, err := t.ready(stop)
	if err != nil {
		return t.notReady(stop, err)
	}
	defer end()
	if e := t.precondition(now); e.outcome.Ended() || e.waits || e.err != nil {
		return e
	}
	if t.held(stop) {
		return t.skipped(stop)
	}
	t.acts, t.looks = t.acts+1, 0
	did := t.do(context.WithoutCancel(now), stop, t)
	end() // nothing that comes now is decided by the look
	switch {
	case did == nil && t.provesLater(t.i):
		return ending{step: t.i, outcome: plan.Done, unproven: true}
	case fault.Is(did, fault.RateLimited), fault.Is(did, fault.Auth):
		return ending{step: t.i, outcome: plan.Running, err: did} // it did nothing; the next try looks first
	}
	return t.judge(stop, did)
}

// notReady is the end of a try that could not begin.
func (t *trying) notReady(stop context.Context, err error) ending {
	if stop.Err() != nil {
		return t.skipped(stop)
	}
	e := ending{step: t.i, outcome: plan.Running, err: err}
	if errors.Is(err, errHeld) {
		return e
	}
	t.looks++
	if fault.Is(err, fault.Drift) || fault.Is(err, fault.NotFound) {
		e.outcome = plan.Failed
	}
	return e
}

// skipped ends a step that has not acted, as the run is cancelled, or has it wait
// as the run is paused.
func (t *trying) skipped(stop context.Context) ending {
	switch {
	case stop.Err() == nil:
		return ending{step: t.i, outcome: plan.Running, err: errHeld}
	case t.proving:
		return ending{step: t.i, outcome: plan.Failed, err: cancelled(stop), unsure: true}
	}
	return ending{step: t.i, outcome: plan.Skipped, err: cancelled(stop)}
}

// precondition looks whether the step may act; it has ended where there is
// nothing to do, or nothing that may be done.
func (t *trying) precondition(now context.Context) ending {
	at, err := t.lookAhead(now)
	t.begun = at == half
	e := ending{step: t.i}
	switch {
	case fault.Is(err, fault.Drift):
		return t.drifted(err)
	case errors.Is(err, errHeld):
		e.outcome, e.err = plan.Running, err
	case err != nil:
		t.looks++
		e.outcome, e.err = plan.Running, err
	case at == underway:
		e.outcome, e.waits = plan.Running, true
	case at == wanted && t.acts > 0:
		e.outcome = plan.Done
	case at == wanted, t.lost != nil && t.plan.Steps[t.i].Kind == plan.Delete:
		e.outcome = t.asWanted(t.i)
	case t.lost != nil:
		e.outcome, e.err = plan.Failed, t.lost
	default:
		e.outcome = plan.Running
	}
	return e
}

// lookAhead is look for who is about to act: a tag that became an image's last one
// is not taken off where the image goes with it.
func (t *trying) lookAhead(now context.Context) (sight, error) {
	at, err := t.look(now, t.i)
	s := t.plan.Steps[t.i]
	if at != before || err != nil || s.Kind != plan.Untag || !t.watched(s) {
		return at, err
	}
	another, err := t.watch.hasAnother(now, s)
	if err == nil && !another {
		err = changed(s, "it is the last tag of the image now, which would go with it")
	}
	if err != nil {
		return drift, err
	}
	return before, nil
}

// drifted ends a step that may not act. In the proof it had acted before: a tag
// that points elsewhere now was set by somebody who knew that, but a manifest that
// is there with a tag is not gone. Of the tags that a delete takes along some may
// be, once it was asked for.
func (t *trying) drifted(err error) ending {
	e := ending{step: t.i, outcome: plan.Skipped, err: err}
	switch s := t.plan.Steps[t.i]; {
	case s.Kind == plan.Delete && (t.proving || t.acts > 0):
		e.outcome, e.unsure = plan.Failed, len(s.Tags) > 0
	case t.proving:
		e.outcome, e.err = plan.Done, nil
	}
	return e
}

// judge looks what a try has done. A step that may be tried again is still
// running; its error is why it has to be.
func (t *trying) judge(stop context.Context, did error) ending {
	ctx, cancel := lingering(stop)
	defer cancel()
	at, err := t.lookBack(ctx, t.i)
	if at == underway && err == nil {
		return ending{step: t.i, outcome: plan.Running, waits: true}
	}
	return t.judged(at, err, did)
}

func (t *trying) judged(at sight, err, did error) ending {
	s := t.plan.Steps[t.i]
	drifted := fault.Is(err, fault.Drift)
	switch {
	case at == wanted && err == nil:
		return t.reached(did)
	case did == nil && drifted && s.Kind != plan.Delete:
		return ending{step: t.i, outcome: plan.Done} // whoever moved it since knew that
	case drifted:
		// Of what goes with its tags some may be gone.
		return ending{step: t.i, outcome: plan.Failed, err: err, unsure: s.Kind == plan.Delete}
	case did == nil && err == nil:
		t.lied()
		did = notYet(s)
	case err != nil:
		return ending{step: t.i, outcome: plan.Failed, err: unsure(did, err), unsure: true}
	}
	return ending{step: t.i, outcome: plan.Running, err: did}
}

// reached is the end of a try after which the registry is as the step leaves it.
func (t *trying) reached(did error) ending {
	switch {
	case t.plan.Steps[t.i].Kind == plan.Delete && fault.Is(did, fault.Drift):
		// The image is gone, with those of its tags that had not moved: undo looks which.
		return ending{step: t.i, outcome: plan.Failed, err: did, unsure: true}
	case t.acts == 1 && fault.Is(did, fault.NotFound):
		return ending{step: t.i, outcome: t.asWanted(t.i)} // somebody else was faster
	}
	return ending{step: t.i, outcome: plan.Done}
}

// lookBack looks whether a step that acted has done what it says.
func (r *Run) lookBack(ctx context.Context, i int) (sight, error) {
	return patiently(ctx, func() (sight, error) {
		if r.plan.Steps[i].Kind == plan.Delete {
			return r.lookGone(ctx, r.plan.Steps[i])
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
	case fault.RateLimited, fault.Unreachable, fault.Timeout, fault.Unavailable, fault.Protocol, fault.Stale:
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
