package ecr

import (
	"context"
	"sync"
	"time"
)

const (
	// batchSize is how many images the API takes at once (API reference,
	// BatchGetImage and BatchDeleteImage).
	batchSize = 100
	// linger is how long a batch that is not full waits for company.
	linger = 5 * time.Millisecond
)

// batches make one request of many that come close together.
type batches[K comparable, V any] struct {
	do func(ctx context.Context, repo string, keys []K) []result[V] // in the order of the keys

	mu   sync.Mutex
	open map[string]*batch[K, V] // by repository
}

// result is what became of one of a batch.
type result[V any] struct {
	value V
	err   error
}

// batch is a request that is being put together, then made. It ends early only
// when all who wait for it have left.
type batch[K comparable, V any] struct {
	keys    []K
	waiting int
	cancel  context.CancelFunc
	full    chan struct{}
	done    chan struct{}
	results []result[V]
}

func newBatches[K comparable, V any](do func(context.Context, string, []K) []result[V]) *batches[K, V] {
	return &batches[K, V]{do: do, open: map[string]*batch[K, V]{}}
}

// one is the result for a key, from the next batch of its repository.
func (b *batches[K, V]) one(ctx context.Context, repo string, key K) (V, error) {
	joined, i := b.join(ctx, repo, key)
	return b.await(ctx, joined, i)
}

func (b *batches[K, V]) await(ctx context.Context, joined *batch[K, V], i int) (V, error) {
	select {
	case <-joined.done:
		return joined.results[i].value, joined.results[i].err
	case <-ctx.Done():
		b.leave(joined)
		var none V
		return none, context.Cause(ctx)
	}
}

// each asks for several keys together. The error is that of the first that has
// one.
func (b *batches[K, V]) each(ctx context.Context, repo string, keys []K) error {
	type place struct {
		batch *batch[K, V]
		i     int
	}
	asked := make([]place, len(keys))
	for n, key := range keys {
		asked[n].batch, asked[n].i = b.join(ctx, repo, key)
	}
	var first error
	for _, at := range asked {
		if _, err := b.await(ctx, at.batch, at.i); err != nil && first == nil {
			first = err
		}
	}
	return first
}

func (b *batches[K, V]) join(ctx context.Context, repo string, key K) (*batch[K, V], int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	joined := b.open[repo]
	if joined == nil {
		joined = b.begin(ctx, repo)
	}
	joined.waiting++
	joined.keys = append(joined.keys, key)
	i := len(joined.keys) - 1
	if len(joined.keys) == batchSize {
		delete(b.open, repo)
		close(joined.full)
	}
	return joined, i
}

// begin opens a batch, which is closed when it is full or has waited.
func (b *batches[K, V]) begin(ctx context.Context, repo string) *batch[K, V] {
	inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
	opened := &batch[K, V]{cancel: cancel, full: make(chan struct{}), done: make(chan struct{})}
	b.open[repo] = opened
	go func() {
		defer cancel()
		defer close(opened.done)
		timer := time.NewTimer(linger)
		defer timer.Stop()
		select {
		case <-opened.full:
		case <-timer.C:
			b.shut(repo, opened)
		case <-inner.Done():
			b.shut(repo, opened)
		}
		opened.results = b.do(inner, repo, opened.keys)
	}()
	return opened
}

func (b *batches[K, V]) shut(repo string, opened *batch[K, V]) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open[repo] == opened {
		delete(b.open, repo)
	}
}

func (b *batches[K, V]) leave(joined *batch[K, V]) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if joined.waiting--; joined.waiting == 0 {
		joined.cancel()
	}
}

// all is the same error for each of n.
func all[V any](n int, err error) []result[V] {
	out := make([]result[V], n)
	for i := range out {
		out[i].err = err
	}
	return out
}
