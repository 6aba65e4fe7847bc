package store

import "regatta/registry/sandbox/internal/oci"

// Blob finds a blob by digest.
func (r *Repository) Blob(digest string) (Content, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	blob, ok := r.blobs[digest]
	return blob, ok
}

// PutBlob stores content under a digest that the caller knows to be its own.
func (r *Repository) PutBlob(digest string, content Content) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.blobs[digest] = content
}

// AddBlob stores bytes and returns their descriptor.
func (r *Repository) AddBlob(mediaType string, content []byte) oci.Descriptor {
	d := oci.Describe(mediaType, content)
	r.PutBlob(d.Digest, Bytes(content))
	return d
}

// DeleteBlob removes a blob from the repository.
func (r *Repository) DeleteBlob(digest string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.blobs[digest]
	delete(r.blobs, digest)
	return ok
}

// Missing names the first blob or manifest that a manifest refers to and the
// repository does not hold; both are empty if nothing is missing.
func (r *Repository) Missing(m Manifest) (blob, manifest string) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, d := range referenced(m.Fields) {
		if _, ok := r.blobs[d.Digest]; !ok && !oci.IsForeign(d.MediaType) {
			return d.Digest, ""
		}
	}
	for _, d := range m.Fields.Manifests {
		if _, ok := r.manifests[d.Digest]; !ok {
			return "", d.Digest
		}
	}
	return "", ""
}

func referenced(fields oci.Any) []oci.Descriptor {
	var all []oci.Descriptor
	if fields.Config != nil {
		all = append(all, *fields.Config)
	}
	all = append(all, fields.Layers...)
	return append(all, fields.Blobs...)
}
