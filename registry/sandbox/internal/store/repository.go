package store

import (
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
	settings  Settings
	manifests map[string]*Manifest
	order     []*Manifest // all manifests in order, nil when out of date
	parents   parents
	tags      map[string]*Tag
	names     map[string][]string // of tags, by digest, in lexical order; slices never change
	blobs     map[string]Content
	fellBack  sync.Once
}

func newRepository(name string, createdAt time.Time, fill func(*Repository)) *Repository {
	return &Repository{
		Name: name, createdAt: createdAt, fill: fill,
		manifests: map[string]*Manifest{}, parents: parents{}, blobs: map[string]Content{},
		tags: map[string]*Tag{}, names: map[string][]string{},
	}
}

func (r *Repository) ready() {
	if r.fill != nil {
		r.once.Do(func() { r.fill(r) })
	}
}

// CreatedAt is the instant the repository was created, or of the oldest push
// if a push made it; zero until there is one.
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

// PutManifest stores a manifest as it is, with no check of what it refers to.
// An equal one that is there keeps its push and pull times, as tagging an image
// once more is no push; if it is archived it is restored at once (user guide,
// archiving an image). It reports whether the manifest is new.
func (r *Repository) PutManifest(m Manifest) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.createdAt.IsZero() || m.PushedAt.Before(r.createdAt) {
		r.createdAt = m.PushedAt
	}
	if old, ok := r.manifests[m.Digest]; ok {
		old.Archive = old.Archive.ended(m.PushedAt)
		return false
	}
	r.manifests[m.Digest] = &m
	r.parents.add(m)
	r.order = nil
	return true
}

// DeleteManifest removes a manifest and the tags that point at it, and returns
// those tags. The children of an index stay.
func (r *Repository) DeleteManifest(digest string) ([]string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	m, ok := r.manifests[digest]
	if !ok {
		return nil, false
	}
	delete(r.manifests, digest)
	r.parents.remove(*m)
	r.order = nil
	gone := slices.Clone(r.names[digest])
	for _, name := range gone {
		delete(r.tags, name)
	}
	delete(r.names, digest)
	return gone, true
}

// SetPushed dates the push of a manifest.
func (r *Repository) SetPushed(digest string, at time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	m, ok := r.manifests[digest]
	if ok {
		m.PushedAt = at
		r.order = nil
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

// listed reports whether there is more to the repository than the beginning of
// a push.
func (r *Repository) listed() bool { return r.fill != nil || !r.CreatedAt().IsZero() }

func (r *Repository) found(at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.createdAt = at
}
