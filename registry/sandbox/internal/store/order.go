package store

import (
	"cmp"
	"slices"
	"time"
)

// Position is a place in the order of manifests: oldest push first, then by
// digest. The zero value is before the first.
type Position struct {
	PushedAt time.Time
	Digest   string
}

// Position is where the manifest is in the order.
func (m Manifest) Position() Position { return Position{m.PushedAt, m.Digest} }

func (p Position) compare(q Position) int {
	return cmp.Or(p.PushedAt.Compare(q.PushedAt), cmp.Compare(p.Digest, q.Digest))
}

// Listed is a manifest with its tags in lexical order. The tags are shared and
// never change.
type Listed struct {
	Manifest

	Tags []string
}

// Manifests lists all manifests in order.
func (r *Repository) Manifests() []Manifest {
	r.mu.Lock()
	defer r.mu.Unlock()
	order := r.ordered()
	all := make([]Manifest, len(order))
	for i, m := range order {
		all[i] = *m
	}
	return all
}

// After lists, in order, up to n manifests behind a position that keep wants.
// Keep must not call the repository.
func (r *Repository) After(p Position, n int, keep func(Listed) bool) []Listed {
	r.mu.Lock()
	defer r.mu.Unlock()
	order := r.ordered()
	start, found := slices.BinarySearchFunc(order, p, func(m *Manifest, p Position) int {
		return m.Position().compare(p)
	})
	if found {
		start++
	}
	var all []Listed
	for _, m := range order[start:] {
		if len(all) == n {
			break
		}
		if l := (Listed{*m, r.names[m.Digest]}); keep(l) {
			all = append(all, l)
		}
	}
	return all
}

// ordered is the manifests in order, sorted anew only after a change. The lock
// must be held for writing.
func (r *Repository) ordered() []*Manifest {
	if r.order != nil || len(r.manifests) == 0 {
		return r.order
	}
	r.order = make([]*Manifest, 0, len(r.manifests))
	for _, m := range r.manifests {
		r.order = append(r.order, m)
	}
	slices.SortFunc(r.order, func(a, b *Manifest) int { return a.Position().compare(b.Position()) })
	return r.order
}
