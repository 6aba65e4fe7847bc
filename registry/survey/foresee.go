package survey

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/text"
)

// mostLost is how much of what a plan takes away is asked for, before it is said what an
// undo of it brings back. It is the bound of mostHeads, for its reason.
const mostLost = mostHeads

// Foreseen asks the registry for what an undo of p would need, and has p name what will
// not come back, or may not. What could not be asked for is said to be unknown; the error
// is for being cancelled. There has to be a view of every repository.
func Foreseen(
	ctx context.Context, reg Presence, p plan.Plan, progress func(total, done int), views ...plan.View,
) (plan.Plan, error) {
	f := &foreseeing{reg: reg, progress: progress, seen: plan.Presence{}, unseen: map[plan.Ask]bool{}}
	if progress == nil {
		f.progress = func(int, int) {}
	}
	for {
		made, asks := plan.Foresee(p, f.seen, views...)
		fresh := f.fresh(asks)
		if len(fresh) == 0 {
			return made.Unseen(asks, f.why), nil
		}
		if err := f.ask(ctx, fresh); err != nil {
			return p, err
		}
	}
}

type foreseeing struct {
	reg      Presence
	progress func(total, done int)
	heads    int

	mu      sync.Mutex
	seen    plan.Presence
	unseen  map[plan.Ask]bool
	why     string // the first reason why something was not found out
	stopped bool   // the registry is asked no more
}

// fresh are the asks that were not dealt with, as far as they are within the bound.
func (f *foreseeing) fresh(asks []plan.Ask) []plan.Ask {
	var out []plan.Ask
	for _, a := range asks {
		switch {
		case f.unseen[a]:
		case f.stopped:
			f.miss(a, f.why)
		case f.heads == mostLost:
			f.miss(a, text.Count(mostLost)+" requests are the limit")
		default:
			f.heads++
			out = append(out, a)
		}
	}
	return out
}

// miss notes that something was not found out. The first reason is the one that is told.
func (f *foreseeing) miss(a plan.Ask, why string) {
	f.unseen[a] = true
	if f.why == "" {
		f.why = why
	}
}

func (f *foreseeing) ask(ctx context.Context, asks []plan.Ask) error {
	f.progress(len(asks), 0)
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for _, a := range asks {
		group.Go(func() error {
			if !f.goesOn(a) {
				return nil
			}
			there, err := present(inner, f.reg, a)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			f.mu.Lock()
			defer f.mu.Unlock()
			f.progress(0, 1)
			if err != nil {
				f.stopped = true
				f.miss(a, fmt.Sprintf("the registry does not say (%s)", fault.KindOf(err)))
				return nil
			}
			f.seen[a.Place] = there
			return nil
		})
	}
	return group.Wait()
}

// goesOn reports whether the registry is still asked: one that does not answer is left
// alone.
func (f *foreseeing) goesOn(a plan.Ask) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stopped {
		f.progress(0, 1)
		f.miss(a, f.why)
	}
	return !f.stopped
}
