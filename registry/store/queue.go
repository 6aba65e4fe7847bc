package store

import (
	"sync"

	"regatta/model/ref"
)

// Bounds of what waits to be written. Beyond them new content is dropped: the
// cache may forget, the program may not wait.
const (
	maxQueuedBytes = 24 << 20
	maxQueuedItems = 20_000
	maxQueuedSeen  = 100_000
)

// content is a manifest or config on its way.
type content struct {
	media string
	raw   []byte
	used  int64
}

// batch is what is written in one transaction.
type batch struct {
	puts    map[ref.Digest]content
	bytes   int64
	drops   []ref.Digest         // rows that do not match their digest
	touched map[ref.Digest]int64 // when content was last used
	seen    []seen
	latest  map[tagName]int // index into seen
	waiters []chan<- error
}

func newBatch() *batch {
	return &batch{
		puts: map[ref.Digest]content{}, touched: map[ref.Digest]int64{}, latest: map[tagName]int{},
	}
}

func (b *batch) empty() bool {
	return len(b.puts)+len(b.drops)+len(b.touched)+len(b.seen)+len(b.waiters) == 0
}

// queue holds the batch that fills and the one that is being written.
type queue struct {
	mu      sync.Mutex
	next    *batch
	writing *batch
	closed  bool
	wake    chan struct{} // capacity one: the writer looks again
	hurry   chan struct{} // capacity one: someone waits for what is queued
	quit    chan struct{}
}

func newQueue() *queue {
	return &queue{next: newBatch(), wake: make(chan struct{}, 1), hurry: make(chan struct{}, 1), quit: make(chan struct{})}
}

// change adds to the next batch; nothing is added once closed.
func (q *queue) change(wake bool, add func(*batch)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	add(q.next)
	if wake {
		signal(q.wake)
	}
	if len(q.next.waiters) > 0 {
		signal(q.hurry)
	}
}

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (q *queue) put(d ref.Digest, c content) {
	size := int64(len(c.raw))
	q.change(true, func(b *batch) {
		if _, ok := b.puts[d]; ok || b.bytes+size+q.bytesWriting() > maxQueuedBytes || len(b.puts) >= maxQueuedItems {
			return
		}
		b.puts[d] = c
		b.bytes += size
	})
}

func (q *queue) bytesWriting() int64 {
	if q.writing == nil {
		return 0
	}
	return q.writing.bytes
}

// touch waits for the next write: it is not worth a transaction of its own.
func (q *queue) touch(d ref.Digest, used int64) {
	q.change(false, func(b *batch) {
		if len(b.touched) < maxQueuedItems {
			b.touched[d] = used
		}
	})
}

func (q *queue) drop(d ref.Digest) {
	q.change(true, func(b *batch) { b.drops = append(b.drops, d) })
}

// find looks for content that is not written yet.
func (q *queue) find(d ref.Digest) (content, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if c, ok := q.next.puts[d]; ok {
		return c, true
	}
	if q.writing == nil {
		return content{}, false
	}
	c, ok := q.writing.puts[d]
	return c, ok
}

// barrier is told once all that was queued before it is written. It is nil when
// there is nothing to wait for.
func (q *queue) barrier() <-chan error {
	q.mu.Lock()
	idle := q.closed || q.writing == nil && q.next.empty()
	q.mu.Unlock()
	if idle {
		return nil
	}
	written := make(chan error, 1)
	added := false
	q.change(true, func(b *batch) { b.waiters, added = append(b.waiters, written), true })
	if !added {
		return nil
	}
	return written
}

// take starts the writing of what is queued.
func (q *queue) take() *batch {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.writing, q.next = q.next, newBatch()
	return q.writing
}

func (q *queue) written() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.writing = nil
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	close(q.quit)
}
