package store_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// Whatever is pushed, tagged, untagged and deleted: tags are sorted and each
// points at a manifest that is there.
func TestTagsNeverDangle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		repo := store.New().Ensure("app")
		manifest := func() store.Manifest {
			n := rapid.IntRange(0, 4).Draw(t, "manifest")
			return store.NewManifest(oci.MediaManifest, []byte(strconv.Itoa(n)), time.Unix(int64(n), 0))
		}
		tag := func() string { return rapid.SampledFrom([]string{"a", "B", "c"}).Draw(t, "tag") }
		t.Repeat(map[string]func(*rapid.T){
			"push": func(*rapid.T) {
				m := manifest()
				repo.PutManifest(m)
				repo.SetTag(tag(), m.Digest, m.PushedAt)
			},
			"untag":  func(*rapid.T) { repo.Untag(tag()) },
			"delete": func(*rapid.T) { repo.DeleteManifest(manifest().Digest) },
			"": func(t *rapid.T) {
				var names []string
				for _, tag := range repo.Tags() {
					names = append(names, tag.Name)
					if _, ok := repo.Manifest(tag.Name); !ok {
						t.Errorf("%s dangles", tag.Name)
					}
				}
				if !slices.IsSorted(names) {
					t.Errorf("tags %v", names)
				}
			},
		})
	})
}

// A repository shows up with its first manifest, not with its first blob.
func TestNamesOfWhatWasPushed(t *testing.T) {
	t.Parallel()
	s := store.New()
	repo := s.Ensure("app")
	repo.AddBlob(oci.MediaLayer, []byte("x"))
	if got := s.Names(); len(got) != 0 {
		t.Errorf("names %v", got)
	}
	repo.PutManifest(store.NewManifest(oci.MediaIndex, []byte("{}"), time.Unix(1, 0)))
	if got := s.Names(); !slices.Equal(got, []string{"app"}) {
		t.Errorf("names %v", got)
	}
}
