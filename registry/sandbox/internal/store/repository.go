package store

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// Repository is the content of one repository. It is safe for concurrent use.
type Repository struct {
	Name string

	once      sync.Once
	fill      func(*Repository)
	mu        sync.RWMutex
	createdAt time.Time
	manifests map[string]*Manifest
	tags      map[string]*Tag
	blobs     map[string]Content
	fellBack  sync.Once
}

func newRepository(name string, fill func(*Repository)) *Repository {
	return &Repository{
		Name: name, fill: fill,
		manifests: map[string]*Manifest{}, tags: map[string]*Tag{}, blobs: map[string]Content{},
	}
}

func (r *Repository) ready() {
	if r.fill != nil {
		r.once.Do(func() { r.fill(r) })
	}
}

// CreatedAt is the instant of the oldest push, zero for an empty repository.
func (r *Repository) CreatedAt() time.Time {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.createdAt
}

// Manifest finds a manifest by tag or digest.
func (r *Repository) Manifest(reference string) (Manifest, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if tag, ok := r.tags[reference]; ok {
		reference = tag.Digest
	}
	m, ok := r.manifests[reference]
	if !ok {
		return Manifest{}, false
	}
	return *m, true
}

// Manifests lists all manifests, oldest push first, then by digest.
func (r *Repository) Manifests() []Manifest {
	r.mu.RLock()
	defer r.mu.RUnlock()
	all := make([]Manifest, 0, len(r.manifests))
	for _, m := range r.manifests {
		all = append(all, *m)
	}
	slices.SortFunc(all, func(a, b Manifest) int {
		return cmp.Or(a.PushedAt.Compare(b.PushedAt), cmp.Compare(a.Digest, b.Digest))
	})
	return all
}

// PutManifest stores a manifest as it is, with no check of what it refers to,
// and keeps the pull time of an equal one. It reports whether it is new.
func (r *Repository) PutManifest(m Manifest) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.createdAt.IsZero() || m.PushedAt.Before(r.createdAt) {
		r.createdAt = m.PushedAt
	}
	old, existed := r.manifests[m.Digest]
	if existed {
		m.PulledAt = old.PulledAt
	}
	r.manifests[m.Digest] = &m
	return !existed
}

// DeleteManifest removes a manifest and the tags that point at it, and returns
// those tags. The children of an index stay.
func (r *Repository) DeleteManifest(digest string) ([]string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.manifests[digest]; !ok {
		return nil, false
	}
	delete(r.manifests, digest)
	var gone []string
	for name, tag := range r.tags {
		if tag.Digest == digest {
			gone = append(gone, name)
			delete(r.tags, name)
		}
	}
	slices.Sort(gone)
	return gone, true
}

// SetPushed dates the push of a manifest.
func (r *Repository) SetPushed(digest string, at time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	m, ok := r.manifests[digest]
	if ok {
		m.PushedAt = at
	}
	return ok
}

// MarkPulled notes a pull by tag or digest.
func (r *Repository) MarkPulled(reference string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if tag, ok := r.tags[reference]; ok {
		tag.PulledAt = at
		reference = tag.Digest
	}
	if m, ok := r.manifests[reference]; ok {
		m.PulledAt = at
	}
}
