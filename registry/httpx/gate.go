package httpx

import (
	"context"
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
func (g *gate) enter(ctx context.Context) error {
	if err := take(ctx, g.slots); err != nil {
		return err
	}
	if err := g.throttle(ctx); err != nil {
		g.leave()
		return err
	}
	return nil
}

func (g *gate) leave() { <-g.slots }

func (g *gate) throttle(ctx context.Context) error {
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
	if g.limiter == nil {
		return ctx.Err()
	}
	return g.waitRate(ctx)
}

// waitRate waits for the rate, one request after the other: who gives up gives
// back what it was promised, which only the last in line can.
func (g *gate) waitRate(ctx context.Context) error {
	if err := take(ctx, g.turn); err != nil {
		return err
	}
	defer func() { <-g.turn }()
	now := g.now()
	promise := g.limiter.ReserveN(now, 1)
	err := wait(ctx, promise.DelayFrom(now))
	if err != nil {
		promise.CancelAt(now)
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
