package oci

import "container/list"

// lru is a bounded map that forgets what was used least recently. It does no
// locking.
type lru[V any] struct {
	most  int
	order *list.List // of entry[V], the latest in front
	index map[string]*list.Element
}

type entry[V any] struct {
	key   string
	value V
}

func newLRU[V any](most int) *lru[V] {
	return &lru[V]{most: most, order: list.New(), index: map[string]*list.Element{}}
}

func (l *lru[V]) get(key string) (v V, ok bool) {
	e, ok := l.index[key]
	if !ok {
		return v, false
	}
	l.order.MoveToFront(e)
	kept, _ := e.Value.(entry[V])
	return kept.value, true
}

func (l *lru[V]) put(key string, v V) {
	if e, ok := l.index[key]; ok {
		e.Value = entry[V]{key, v}
		l.order.MoveToFront(e)
		return
	}
	l.index[key] = l.order.PushFront(entry[V]{key, v})
	if oldest := l.order.Back(); l.order.Len() > l.most {
		kept, _ := l.order.Remove(oldest).(entry[V])
		delete(l.index, kept.key)
	}
}

func (l *lru[V]) remove(key string) {
	if e, ok := l.index[key]; ok {
		l.order.Remove(e)
		delete(l.index, key)
	}
}
