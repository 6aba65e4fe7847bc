package httpx

import "time"

// Load is what the transport is doing.
type Load struct {
	InFlight    int       // requests that were let through or wait for their turn
	PausedHost  string    // the host that asked for the longest pause
	PausedUntil time.Time // when it may be asked again, zero if none is paused
	BudgetHost  string    // the host with the least left of a pull budget
	Budget      Budget    // what is left there
	Warnings    []string  // what all hosts warned of, safe for a terminal
}

// Load sums up all hosts. It is cheap enough to be asked for every frame.
func (t *Transport) Load() Load {
	t.mu.Lock()
	defer t.mu.Unlock()
	var l Load
	for name, h := range t.hosts {
		l.InFlight += len(h.gate.slots)
		for _, until := range []time.Time{h.gate.pausedUntil(), h.bars.last()} {
			if until.After(l.PausedUntil) {
				l.PausedHost, l.PausedUntil = name, until
			}
		}
		l.add(name, &h.says)
	}
	return l
}

func (l *Load) add(name string, s *says) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.budgeted && (l.BudgetHost == "" || s.budget.Remaining < l.Budget.Remaining) {
		l.BudgetHost, l.Budget = name, s.budget
	}
	l.Warnings = append(l.Warnings, s.warnings...)
}

// Slowed shows that whoever asks a host leaves it alone for d by itself, as an
// API has told it in its own words to ask for less.
func (t *Transport) Slowed(host string, d time.Duration) {
	g := t.host(host).gate
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := g.now().Add(d); until.After(g.slowed) {
		g.slowed = until
	}
}

func (g *gate) pausedUntil() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.slowed.After(g.until) {
		return g.slowed
	}
	return g.until
}
