package httpx

import "time"

// Load is what the transport is doing.
type Load struct {
	InFlight    int       // requests that were let through or wait for their turn
	PausedHost  string    // the host that asked for the longest pause
	PausedUntil time.Time // when it may be asked again, zero if none is paused
}

// Load sums up all hosts. It is cheap enough to be asked for every frame.
func (t *Transport) Load() Load {
	t.mu.Lock()
	defer t.mu.Unlock()
	var l Load
	for name, h := range t.hosts {
		l.InFlight += len(h.gate.slots)
		if until := h.gate.pausedUntil(); until.After(l.PausedUntil) {
			l.PausedHost, l.PausedUntil = name, until
		}
	}
	return l
}

func (g *gate) pausedUntil() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.until
}
