package kit

import (
	"context"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/text"
)

// Meter is how far reading is: many write it, the screen looks on.
type Meter struct{ total, done atomic.Int64 }

// Add adds to what there is to do, and to what is done.
func (m *Meter) Add(total, done int) {
	m.total.Add(int64(total))
	m.done.Add(int64(done))
}

// String is "12 of 300", empty while nothing is known or for no meter.
func (m *Meter) String() string {
	if m == nil || m.total.Load() == 0 {
		return ""
	}
	return text.Count(int(m.done.Load())) + " of " + text.Count(int(m.total.Load()))
}

// KB is "1.2 MB of 3 GB" of a meter that counts kilobytes.
func (m *Meter) KB() string {
	if m == nil || m.total.Load() == 0 {
		return ""
	}
	const kb = 1000
	return text.Bytes(m.done.Load()*kb) + " of " + text.Bytes(m.total.Load()*kb)
}

// Tick is a message to the lane's owner that time has passed: what a meter says
// has to be drawn anew.
type Tick struct{}

// Tick sends one Tick after a while.
func (l *Lane) Tick() tea.Cmd {
	const often = 200 * time.Millisecond
	return l.Go(func(ctx context.Context) tea.Msg {
		t := time.NewTimer(often)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
		}
		return Tick{}
	})
}
