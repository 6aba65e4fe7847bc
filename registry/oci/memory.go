package oci

import (
	"context"
	"sync"
	"time"

	"regatta/model/image"
	"regatta/model/ref"
)

// memory is what tags were last seen to point to, read from the store once a
// repository.
type memory struct {
	store Sightings
	host  string
	mu    sync.Mutex
	repos *lru[map[string]ref.Digest]
}

func newMemory(s Sightings, host string) *memory {
	const repositories = 16
	return &memory{store: s, host: host, repos: newLRU[map[string]ref.Digest](repositories)}
}

func (m *memory) digest(ctx context.Context, repo, tag string) ref.Digest {
	if m.store == nil {
		return ""
	}
	m.mu.Lock()
	tags, ok := m.repos.get(repo)
	d := tags[tag]
	m.mu.Unlock()
	if ok {
		return d
	}
	sightings, err := m.store.Tags(ctx, m.host, repo)
	if err != nil {
		return ""
	}
	tags = latest(sightings)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.repos.put(repo, tags)
	return tags[tag]
}

func (m *memory) see(repo, tag string, d ref.Digest) {
	if m.store == nil || d == "" {
		return
	}
	m.store.See(m.host, repo, tag, d)
	m.mu.Lock()
	defer m.mu.Unlock()
	if tags, ok := m.repos.get(repo); ok {
		tags[tag] = d
	}
}

// latest is the newest digest of each tag.
func latest(sightings []image.Sighting) map[string]ref.Digest {
	tags := make(map[string]ref.Digest, len(sightings))
	last := make(map[string]time.Time, len(sightings))
	for _, s := range sightings {
		if at, ok := last[s.Tag]; !ok || s.Last.After(at) {
			tags[s.Tag], last[s.Tag] = s.Digest, s.Last
		}
	}
	return tags
}

// See notes what a tag was listed to point to.
func (c *Client) See(repo, tag string, d ref.Digest) { c.tags.see(repo, tag, d) }
