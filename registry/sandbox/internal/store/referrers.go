package store

import (
	"strings"
	"time"

	"regatta/registry/sandbox/internal/oci"
)

// Referrers lists the manifests whose subject is the digest, oldest push
// first, as an index shows them (distribution-spec 1.1, listing referrers).
func (r *Repository) Referrers(digest string) []oci.Descriptor {
	found := []oci.Descriptor{}
	for _, m := range r.Manifests() {
		if m.Fields.Subject != nil && m.Fields.Subject.Digest == digest {
			found = append(found, referrer(m))
		}
	}
	return found
}

func referrer(m Manifest) oci.Descriptor {
	d := m.Descriptor()
	d.ArtifactType = m.Fields.Kind()
	d.Annotations = m.Fields.Annotations
	return d
}

// ReferrersIndex is the index document that lists referrers.
func ReferrersIndex(referrers []oci.Descriptor) []byte {
	return oci.Encode(oci.Index{SchemaVersion: 2, MediaType: oci.MediaIndex, Manifests: referrers})
}

// FallbackTag is the tag that lists the referrers of a digest on registries
// without the referrers API.
func FallbackTag(digest string) string { return strings.Replace(digest, ":", "-", 1) }

// FallBack writes, once, a fallback tag for every subject that has referrers,
// as the clients that pushed them would have done on a registry without the
// referrers API. Tags that exist are left alone.
func (r *Repository) FallBack() { r.fellBack.Do(r.writeFallbacks) }

func (r *Repository) writeFallbacks() {
	subjects := map[string][]oci.Descriptor{}
	pushed := map[string]time.Time{}
	for _, m := range r.Manifests() {
		if m.Fields.Subject != nil {
			subject := m.Fields.Subject.Digest
			subjects[subject] = append(subjects[subject], referrer(m))
			pushed[subject] = m.PushedAt
		}
	}
	for subject, referrers := range subjects {
		r.writeFallback(subject, referrers, pushed[subject])
	}
}

func (r *Repository) writeFallback(subject string, referrers []oci.Descriptor, at time.Time) {
	name := FallbackTag(subject)
	if _, ok := r.Tag(name); ok {
		return
	}
	m := NewManifest(oci.MediaIndex, ReferrersIndex(referrers), at)
	r.PutManifest(m)
	r.SetTag(name, m.Digest, at)
}
