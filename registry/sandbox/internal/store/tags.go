package store

import (
	"cmp"
	"slices"
	"time"
)

// Tags lists the tags in lexical order of their bytes.
func (r *Repository) Tags() []Tag {
	r.mu.RLock()
	defer r.mu.RUnlock()
	all := make([]Tag, 0, len(r.tags))
	for _, tag := range r.tags {
		all = append(all, *tag)
	}
	slices.SortFunc(all, func(a, b Tag) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// Tag finds a tag by name.
func (r *Repository) Tag(name string) (Tag, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	tag, ok := r.tags[name]
	if !ok {
		return Tag{}, false
	}
	return *tag, true
}

// SetTag points a tag at a digest, whether or not there is such a manifest.
func (r *Repository) SetTag(name, digest string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	next := &Tag{Name: name, Digest: digest, PushedAt: at}
	if old, ok := r.tags[name]; ok && old.Digest == digest {
		next.PulledAt = old.PulledAt
	}
	r.tags[name] = next
}

// Untag removes a tag and leaves its manifest.
func (r *Repository) Untag(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.tags[name]
	delete(r.tags, name)
	return ok
}
