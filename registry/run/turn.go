package run

import (
	"context"
	"time"

	"regatta/model/fault"
	"regatta/registry/httpx"
)

// lingers is how long it is looked after a cancel what the requests that were in
// flight have done.
const lingers = time.Second

// turn waits until a step may go on: while the run is paused, and for one of the
// places at the registry. The error says that the run was cancelled.
func (r *Run) turn(stop context.Context) (release func(), err error) {
	for {
		if err := r.waitGoing(stop); err != nil {
			return nil, err
		}
		select {
		case r.slots <- struct{}{}:
		case <-stop.Done():
			return nil, cancelled(stop)
		}
		if !r.held(stop) {
			return func() { <-r.slots }, nil
		}
		<-r.slots
	}
}

// waitGoing returns when the run is not paused.
func (r *Run) waitGoing(stop context.Context) error {
	select {
	case <-r.going():
	case <-stop.Done():
	}
	if stop.Err() != nil {
		return cancelled(stop)
	}
	return nil
}

// held reports whether nothing new may begin: the run is paused or was cancelled.
func (r *Run) held(stop context.Context) bool {
	if stop.Err() != nil {
		return true
	}
	select {
	case <-r.going():
		return false
	default:
		return true
	}
}

// heeding is a context whose requests begin only while the run goes on, and end
// with stop.
func (r *Run) heeding(stop context.Context) context.Context {
	return httpx.Held(stop, func(context.Context) error { return r.waitGoing(stop) })
}

// lingering is a context for looking at what was done, which outlives stop for a
// moment: what is not known by then stays in doubt.
func lingering(stop context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(stop))
	off := context.AfterFunc(stop, func() {
		t := time.NewTimer(lingers)
		defer t.Stop()
		select {
		case <-t.C:
			cancel()
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		off()
		cancel()
	}
}

func cancelled(stop context.Context) error {
	return &fault.Error{Kind: fault.Cancelled, Err: context.Cause(stop)}
}
