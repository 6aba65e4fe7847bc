package httpx

import (
	"context"
	"sync/atomic"
	"time"
)

type measureKey struct{}

// Measured sums how long requests under the context that it returns take on their way, each
// from when it is made to the end of its answer, or of its headers where that is streamed:
// not what they wait for before, as a place, the rate, or a registry that asks them to.
func Measured(ctx context.Context) (inner context.Context, took func() time.Duration) {
	sum := &atomic.Int64{}
	return context.WithValue(ctx, measureKey{}, sum), func() time.Duration { return time.Duration(sum.Load()) }
}

// measured has leave end the measurement of a request that is made now.
func (t *Transport) measured(ctx context.Context, leave func()) func() {
	sum, ok := ctx.Value(measureKey{}).(*atomic.Int64)
	if !ok {
		return leave
	}
	start := t.o.Now()
	return func() {
		leave()
		sum.Add(int64(t.o.Now().Sub(start)))
	}
}
