package store

import (
	"maps"
	"time"
)

// Template is the content of a repository that others begin with. It does not change.
type Template struct{ from *Repository }

// NewTemplate is what fill makes of an empty repository.
func NewTemplate(name string, fill func(*Repository)) Template {
	r := newRepository(name, time.Time{}, nil)
	fill(r)
	return Template{r}
}

// Begin fills an empty repository with what is in a template, whose bytes both share.
// Its settings stay.
func (r *Repository) Begin(t Template) {
	r.mu.Lock()
	defer r.mu.Unlock()
	from := t.from
	if r.createdAt.IsZero() || from.createdAt.Before(r.createdAt) && !from.createdAt.IsZero() {
		r.createdAt = from.createdAt
	}
	r.order = nil
	r.blobs = maps.Clone(from.blobs)
	r.names = maps.Clone(from.names)
	for d, m := range from.manifests {
		own := *m
		r.manifests[d] = &own
	}
	for name, t := range from.tags {
		own := *t
		r.tags[name] = &own
	}
	for d, by := range from.parents {
		r.parents[d] = maps.Clone(by)
	}
}
