package store_test

import (
	"testing"
	"time"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// What is changed in a repository is changed nowhere else that began as it did.
func TestRepositoriesOfATemplateAreTheirOwn(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	child := store.NewManifest(oci.MediaManifest, []byte(`{"schemaVersion":2}`), at)
	index := store.NewManifest(oci.MediaIndex, oci.Encode(oci.Index{
		SchemaVersion: 2, MediaType: oci.MediaIndex, Manifests: []oci.Descriptor{child.Descriptor()},
	}), at)
	made := store.NewTemplate("team/app", func(r *store.Repository) {
		r.AddBlob("application/octet-stream", []byte("blob"))
		r.PutManifest(child)
		r.PutManifest(index)
		r.SetTag("v1", index.Digest, at)
		r.SetTag("v2", index.Digest, at)
	})
	s := store.New()
	begin := func(name string) *store.Repository {
		s.Plant(name, at.Add(-time.Hour), func(r *store.Repository) { r.Begin(made) })
		r, ok := s.Repository(name)
		if !ok {
			t.Fatal("it is not there")
		}
		return r
	}
	one, other := begin("one"), begin("other")
	one.MarkPulled("v1", at.Add(time.Hour))
	one.SetPushed(child.Digest, at.Add(time.Hour))
	one.SetTag("v1", child.Digest, at.Add(time.Hour))
	one.DeleteManifest(index.Digest)
	m, ok := other.Manifest("v1")
	if !ok || m.Digest != index.Digest || !m.PulledAt.IsZero() {
		t.Errorf("v1 is %v, pulled at %v", m.Digest, m.PulledAt)
	}
	if m, _ := other.Manifest(child.Digest); !m.PushedAt.Equal(at) || len(other.Parents(child.Digest)) != 1 {
		t.Errorf("the child was pushed at %v, and has %d parents", m.PushedAt, len(other.Parents(child.Digest)))
	}
	if got := other.TagsOf(index.Digest); len(got) != 2 || !other.CreatedAt().Equal(at.Add(-time.Hour)) {
		t.Errorf("its tags are %v, created at %v", got, other.CreatedAt())
	}
	if len(one.Parents(child.Digest)) != 0 || len(one.TagsOf(index.Digest)) != 0 {
		t.Error("the index is not gone where it was deleted")
	}
}
