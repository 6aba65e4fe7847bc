package store

import (
	"container/list"
	"sync"

	"regatta/model/ref"
)

// Bounds of the content held in memory; together with what is queued it stays
// within 32 MiB.
const (
	maxFrontBytes = 8 << 20
	maxFrontItem  = 1 << 20
)

// front holds the content used last, so that a screen drawn twice reads once.
type front struct {
	mu    sync.Mutex
	items map[ref.Digest]*list.Element
	order *list.List // most recently used first
	bytes int
}

type frontItem struct {
	digest ref.Digest
	media  string
	raw    []byte
}

func newFront() *front {
	return &front{items: map[ref.Digest]*list.Element{}, order: list.New()}
}

func (f *front) get(d ref.Digest) (media string, raw []byte, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e, ok := f.items[d]
	if !ok {
		return "", nil, false
	}
	f.order.MoveToFront(e)
	it := item(e)
	return it.media, it.raw, true
}

func (f *front) put(d ref.Digest, media string, raw []byte) {
	if len(raw) > maxFrontItem {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remove(d)
	f.items[d] = f.order.PushFront(frontItem{digest: d, media: media, raw: raw})
	f.bytes += len(raw)
	for f.bytes > maxFrontBytes {
		f.remove(item(f.order.Back()).digest)
	}
}

func (f *front) drop(d ref.Digest) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remove(d)
}

func (f *front) remove(d ref.Digest) {
	e, ok := f.items[d]
	if !ok {
		return
	}
	f.bytes -= len(item(e).raw)
	f.order.Remove(e)
	delete(f.items, d)
}

func item(e *list.Element) frontItem {
	it, _ := e.Value.(frontItem)
	return it
}
