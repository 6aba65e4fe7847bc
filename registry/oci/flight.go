package oci

import (
	"context"
	"sync"
)

// flights make one piece of work of several equal ones under way at the same
// time. The work ends early only when all who wait for it have left.
type flights struct {
	mu    sync.Mutex
	going map[string]*flight
}

type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int
	value   any
	err     error
}

// fly returns what work returns, for the first caller of key and all that come
// while it is under way.
func fly[V any](ctx context.Context, f *flights, key string, work func(context.Context) (V, error)) (V, error) {
	t := f.join(ctx, key, func(ctx context.Context) (any, error) { return work(ctx) })
	select {
	case <-t.done:
		v, _ := t.value.(V)
		return v, t.err
	case <-ctx.Done():
		f.part(key, t)
		var none V
		return none, context.Cause(ctx)
	}
}

func (f *flights) join(ctx context.Context, key string, work func(context.Context) (any, error)) *flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	if t := f.going[key]; t != nil {
		t.waiting++
		return t
	}
	inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
	t := &flight{done: make(chan struct{}), cancel: cancel, waiting: 1}
	if f.going == nil {
		f.going = map[string]*flight{}
	}
	f.going[key] = t
	go func() {
		defer cancel()
		t.value, t.err = work(inner)
		f.land(key, t)
		close(t.done)
	}()
	return t
}

func (f *flights) part(key string, t *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if t.waiting--; t.waiting == 0 {
		t.cancel()
		if f.going[key] == t {
			delete(f.going, key)
		}
	}
}

func (f *flights) land(key string, t *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.going[key] == t {
		delete(f.going, key)
	}
}
