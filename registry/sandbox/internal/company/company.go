// Package company makes up the registry of a shop: two years of builds,
// releases and leftovers, the same on every machine. It plans what was built
// from names and dates alone, takes the digests of layers from a generated
// table, and fills a store. It may import std and the sandbox's internals.
package company

import (
	"sync"
	"time"

	"regatta/registry/sandbox/internal/layer"
	"regatta/registry/sandbox/internal/store"
)

// Epoch is the instant the history ends: 2026-11-20T09:00:00Z, a Friday.
func Epoch() time.Time { return time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC) }

// Found plants the repositories of the company in a store. Each is filled
// when it is first asked for, and then shown to filled.
func Found(s *store.Store, filled func(*store.Repository)) {
	for _, t := range templates() {
		s.Plant(t.name, t.created(), func(repo *store.Repository) {
			repo.Begin(t.made())
			filled(repo)
		})
	}
}

// template is a project with what its repository begins with.
type template struct {
	project

	made func() store.Template
}

// templates are made once in a process, and each when it is first asked for: the history
// of every company is the same.
//
//nolint:gochecknoglobals // nothing changes it
var templates = sync.OnceValue(func() []template {
	sums := sync.OnceValue(func() map[string]layer.Sums { return parseTable(layersTSV) })
	var out []template
	for _, p := range projects() {
		out = append(out, template{p, sync.OnceValue(func() store.Template {
			return store.NewTemplate(p.name, func(repo *store.Repository) { p.fill(&shelf{Repository: repo, sums: sums}) })
		})})
	}
	return out
})

// created is the day before the first build.
func (p project) created() time.Time { return midnight(p.age + 1).Add(10 * time.Hour) }

// shelf is a repository to fill, with the sums of layers at hand.
type shelf struct {
	*store.Repository

	sums func() map[string]layer.Sums
}

// sealed is the layer of a spec with its sums. It panics if the table is out
// of date, which a test rules out.
func (s *shelf) sealed(spec layer.Spec) layer.Layer {
	sums, ok := s.sums()[spec.Key()]
	if !ok {
		panic("company: layer " + spec.Key() + " is not in the table; run go generate")
	}
	return layer.Layer{Spec: spec, Sums: sums}
}

func (p project) fill(repo *shelf) {
	if p.special != nil {
		p.special(repo)
		return
	}
	publish(p, repo)
}

func daysAgo(n int) time.Time { return Epoch().AddDate(0, 0, -n) }
