package kit

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
)

// Lane runs a screen's background work. Replies reach that screen whatever is
// on top of it, and none arrives after Reset or Close: staleness is settled
// here once, and no handler needs to think of it.
type Lane struct {
	owner  Screen
	parent context.Context //nolint:containedctx // the app's lifetime, from which each generation derives its own
	ctx    context.Context //nolint:containedctx // this generation's
	cancel context.CancelFunc
	gen    int
}

// NewLane returns owner's lane; it lives no longer than parent.
func NewLane(parent context.Context, owner Screen) *Lane {
	l := &Lane{owner: owner, parent: parent}
	l.Reset()
	return l
}

// Reset cancels what is under way and drops its replies.
func (l *Lane) Reset() {
	l.Close()
	l.ctx, l.cancel = context.WithCancel(l.parent)
}

// Close cancels what is under way and drops its replies.
func (l *Lane) Close() {
	if l.cancel != nil {
		l.cancel()
	}
	l.gen++
}

// Go runs fn off the update loop and brings its result back to the owner. fn
// must only use what it captured.
func (l *Lane) Go(fn func(context.Context) tea.Msg) tea.Cmd {
	ctx, gen := l.ctx, l.gen
	return func() tea.Msg { return Reply{lane: l, gen: gen, msg: fn(ctx)} }
}

// After brings msg to the owner in d, also where another screen covers it then.
func (l *Lane) After(d time.Duration, msg tea.Msg) tea.Cmd {
	gen := l.gen
	return tea.Tick(d, func(time.Time) tea.Msg { return Reply{lane: l, gen: gen, msg: msg} })
}

// Reply is a result on its way home.
type Reply struct {
	lane *Lane
	gen  int
	msg  tea.Msg
}

// Deliver hands the result to its screen unless the lane was reset since. own
// is the screen it went to, nil if it was dropped.
func (r Reply) Deliver() (own Screen, intent Intent, cmd tea.Cmd) {
	if r.gen != r.lane.gen || r.msg == nil {
		return nil, nil, nil
	}
	intent, cmd = r.lane.owner.Update(r.msg)
	return r.lane.owner, intent, cmd
}
