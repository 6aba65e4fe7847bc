// Package company makes up the registry of a shop: two years of builds,
// releases and leftovers, the same on every machine. It plans what was built
// from names and dates alone, takes the digests of layers from a generated
// table, and fills a store. It may import std and the sandbox's internals.
package company

import (
	"time"

	"regatta/registry/sandbox/internal/store"
)

// Epoch is the instant the history ends: 2026-11-20T09:00:00Z, a Friday.
func Epoch() time.Time { return time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC) }

// Found plants the repositories of the company in a store. Each is filled
// when it is first asked for.
func Found(s *store.Store) {
	for _, p := range projects() {
		s.Plant(p.name, p.fill)
	}
}

func (p project) fill(repo *store.Repository) {
	if p.special != nil {
		p.special(repo)
		return
	}
	publish(p, repo)
}

func daysAgo(n int) time.Time { return Epoch().AddDate(0, 0, -n) }
