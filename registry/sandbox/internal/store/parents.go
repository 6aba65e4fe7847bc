package store

import (
	"maps"
	"slices"
)

// parents are the digests of the indexes that list a manifest, by its digest.
type parents map[string]map[string]struct{}

func (p parents) add(m Manifest) {
	for _, child := range m.Fields.Manifests {
		if p[child.Digest] == nil {
			p[child.Digest] = map[string]struct{}{}
		}
		p[child.Digest][m.Digest] = struct{}{}
	}
}

func (p parents) remove(m Manifest) {
	for _, child := range m.Fields.Manifests {
		delete(p[child.Digest], m.Digest)
		if len(p[child.Digest]) == 0 {
			delete(p, child.Digest)
		}
	}
}

// Parents lists the digests of the indexes in the repository that list a
// manifest, in lexical order.
func (r *Repository) Parents(digest string) []string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return slices.Sorted(maps.Keys(r.parents[digest]))
}
