package httpx

import (
	"context"
	"sync/atomic"
)

// moment is the right to make requests to one host at once.
type moment struct {
	host  string
	left  atomic.Int64 // requests that the rate has been waited for
	ended atomic.Bool
}

type momentKey struct{}

// Moment waits until n requests to a host may be made one after the other
// without a further wait: for a place among those in flight, for the end of a
// pause that the host asked for, and for the rate. Requests to the host under
// the context that it returns wait for nothing and are made once, whatever the
// answer: who decides by what one of them says can act on it at once, or has to
// look again. End gives the place back. The error is a *fault.Error.
func (t *Transport) Moment(ctx context.Context, host string, n int) (inner context.Context, end func(), err error) {
	h := t.host(host)
	if err := h.gate.enterFor(ctx, n); err != nil {
		return nil, nil, hostFailure(host, err)
	}
	m := &moment{host: host}
	m.left.Store(int64(n))
	return context.WithValue(ctx, momentKey{}, m), func() {
		if !m.ended.Swap(true) {
			h.gate.leave()
		}
	}, nil
}

// InMoment reports whether requests under ctx are those of a Moment that has not
// ended: whoever retries by itself may not, there.
func InMoment(ctx context.Context) bool {
	m, ok := ctx.Value(momentKey{}).(*moment)
	return ok && !m.ended.Load()
}

func momentAt(ctx context.Context, host string) *moment {
	m, ok := ctx.Value(momentKey{}).(*moment)
	if !ok || m.host != host || m.ended.Load() {
		return nil
	}
	return m
}

// enter lets a request to h in: with the moment that it is made in, or through
// the gate. After a nil error the caller has to leave.
func (h *host) enter(ctx context.Context) (leave func(), err error) {
	m := momentAt(ctx, h.name)
	if m == nil {
		if err := held(ctx); err != nil {
			return nil, err
		}
		return h.gate.leave, h.gate.enter(ctx)
	}
	if m.left.Add(-1) < 0 {
		h.gate.owe()
	}
	return func() {}, ctx.Err()
}
