package sandbox

import (
	"encoding/json"
	"io"
	"time"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// Tag points a tag at a digest, as moved at an instant; the zero time is now.
func (rg *Registry) Tag(repository, tag, digest string, at time.Time) {
	if at.IsZero() {
		at = rg.now()
	}
	rg.store.Ensure(repository).SetTag(tag, digest, at)
}

// Untag removes a tag and reports whether it was there.
func (rg *Registry) Untag(repository, tag string) bool {
	repo, ok := rg.store.Repository(repository)
	return ok && repo.Untag(tag)
}

// Resolve is the digest that a tag points at.
func (rg *Registry) Resolve(repository, tag string) (digest string, ok bool) {
	repo, ok := rg.store.Repository(repository)
	if !ok {
		return "", false
	}
	t, ok := repo.Tag(tag)
	return t.Digest, ok
}

// SetPushed dates the push of a manifest and reports whether it is there.
func (rg *Registry) SetPushed(repository, digest string, at time.Time) bool {
	repo, ok := rg.store.Repository(repository)
	return ok && repo.SetPushed(digest, at)
}

// HasManifest reports whether a manifest is there.
func (rg *Registry) HasManifest(repository, digest string) bool {
	repo, ok := rg.store.Repository(repository)
	if ok {
		_, ok = repo.Manifest(digest)
	}
	return ok
}

// DropManifest removes a manifest and its tags, whatever the quirks say.
func (rg *Registry) DropManifest(repository, digest string) bool {
	repo, ok := rg.store.Repository(repository)
	if !ok {
		return false
	}
	_, ok = repo.DeleteManifest(digest)
	return ok
}

// DropBlob removes a blob from a repository, whatever refers to it.
func (rg *Registry) DropBlob(repository, digest string) bool {
	repo, ok := rg.store.Repository(repository)
	return ok && repo.DeleteBlob(digest)
}

// platformOf reads the platform of an image from its config; nil for what is
// no image.
func platformOf(repo *store.Repository, m store.Manifest) *oci.Platform {
	if m.Fields.Config == nil {
		return nil
	}
	blob, ok := repo.Blob(m.Fields.Config.Digest)
	if !ok {
		return nil
	}
	src, err := blob.Open(0)
	if err != nil {
		return nil
	}
	defer func() { _ = src.Close() }()
	raw, err := io.ReadAll(src)
	var p oci.Platform
	if err != nil || json.Unmarshal(raw, &p) != nil || p.Architecture == "" {
		return nil
	}
	return &p
}

// RunLifecycle does what the repository's lifecycle policy says, as the account
// does once a day, and reports how many images it took.
func (rg *Registry) RunLifecycle(repository string) (int, error) {
	repo, ok := rg.store.Repository(repository)
	if !ok {
		return 0, nil
	}
	return rg.cloud.ecr.RunLifecycle(repo, rg.now())
}

// Archive moves an image to the archive and reports whether it is there.
func (rg *Registry) Archive(repository, digest string, at time.Time) bool {
	repo, ok := rg.store.Repository(repository)
	return ok && repo.SetArchived(digest, at)
}

// SetLifecycle gives a repository a lifecycle policy, unchecked.
func (rg *Registry) SetLifecycle(repository, policy string) {
	rg.store.Ensure(repository).Configure(func(s *store.Settings) { s.Lifecycle = policy })
}

// Archived reports whether an image is in the archive, and whether it is there
// at all.
func (rg *Registry) Archived(repository, digest string) (archived, there bool) {
	repo, ok := rg.store.Repository(repository)
	if !ok {
		return false, false
	}
	m, ok := repo.Manifest(digest)
	return m.Archive.Status(rg.now()) == store.Archived, ok
}
