package httpx

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// gate lets a bounded number of requests to a host through at a time, at a
// bounded rate, and none while the host asked for a pause.
type gate struct {
	slots   chan struct{}
	limiter *rate.Limiter // nil: no limit
	turn    chan struct{} // taken by who waits for the rate
	now     func() time.Time

	mu     sync.Mutex
	until  time.Time
	slowed time.Time // who asks pauses by itself until then
}

func newGate(o HostOptions, now func() time.Time) *gate {
	g := &gate{slots: make(chan struct{}, o.Concurrency), turn: make(chan struct{}, 1), now: now}
	if o.Rate > 0 {
		g.limiter = rate.NewLimiter(rate.Limit(o.Rate), max(1, int(o.Rate)))
	}
	return g
}

// enter waits for a slot, the pause and the rate. After a nil error the caller
// must leave.
func (g *gate) enter(ctx context.Context) error { return g.enterFor(ctx, 1) }

// enterFor is enter for n requests one after the other.
func (g *gate) enterFor(ctx context.Context, n int) error {
	if err := take(ctx, g.slots); err != nil {
		return err
	}
	if err := g.throttle(ctx, n); err != nil {
		g.leave()
		return err
	}
	return nil
}

// owe takes a request out of the rate that did not wait for it: those after it
// wait the longer.
func (g *gate) owe() {
	if g.limiter != nil {
		g.limiter.ReserveN(g.now(), 1)
	}
}

func (g *gate) leave() { <-g.slots }

// throttle waits for the rate first: a pause that is asked for meanwhile is
// waited for as well.
func (g *gate) throttle(ctx context.Context, n int) error {
	if g.limiter != nil {
		if err := g.waitRate(ctx, n); err != nil {
			return err
		}
	}
	// Each pause is waited for once, by the timer: a clock that stands still
	// must not hold requests for ever.
	for waited := (time.Time{}); ; {
		g.mu.Lock()
		until := g.until
		g.mu.Unlock()
		if !until.After(waited) {
			break
		}
		waited = until
		if err := wait(ctx, until.Sub(g.now())); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// waitRate waits for the rate, one request after the other: who gives up gives
// back what it was promised, which only the last in line can.
func (g *gate) waitRate(ctx context.Context, n int) error {
	if err := take(ctx, g.turn); err != nil {
		return err
	}
	defer func() { <-g.turn }()
	now := g.now()
	promises := make([]*rate.Reservation, n) // more at once than the burst are never promised
	delay := time.Duration(0)
	for i := range promises {
		promises[i] = g.limiter.ReserveN(now, 1)
		delay = max(delay, promises[i].DelayFrom(now))
	}
	err := wait(ctx, delay)
	if err != nil {
		for _, p := range slices.Backward(promises) {
			p.CancelAt(now)
		}
	}
	return err
}

// take fills a place in c or waits until ctx ends.
func take(ctx context.Context, c chan<- struct{}) error {
	select {
	case c <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// pause keeps new requests from the host for d from now.
func (g *gate) pause(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := g.now().Add(d); until.After(g.until) {
		g.until = until
	}
}

// wait sleeps for d or until ctx ends.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
