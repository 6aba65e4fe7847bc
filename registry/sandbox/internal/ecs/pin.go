package ecs

import (
	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// Pin resolves what the services that were there from the beginning run, as
// soon as their repository is filled and before anything can change in it.
func (f *Fleet) Pin(repo *store.Repository) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.services {
		d := &s.deployments[0]
		if d.image.repository != repo.Name || d.pinned {
			continue
		}
		tag, _ := repo.Tag(d.image.tag)
		d.digest, d.pinned = tag.Digest, true
		if old, ok := superseded(repo); ok && s.lags {
			d.digest = old
		}
	}
}

// superseded is the newest index that has lost all its tags.
func superseded(repo *store.Repository) (string, bool) {
	found := repo.After(store.Position{}, -1, func(l store.Listed) bool {
		return len(l.Tags) == 0 && oci.IsIndex(l.MediaType)
	})
	if len(found) == 0 {
		return "", false
	}
	return found[len(found)-1].Digest, true
}

// platformOf is the digest of the first image of an index, as some machines
// report it.
func (f *Fleet) platformOf(repository, digest string) string {
	repo, ok := f.store.Repository(repository)
	if !ok {
		return digest
	}
	if m, ok := repo.Manifest(digest); ok && len(m.Fields.Manifests) > 0 {
		return m.Fields.Manifests[0].Digest
	}
	return digest
}
