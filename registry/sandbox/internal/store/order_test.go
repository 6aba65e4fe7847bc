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

// Whatever the size of the pages, together they are the whole list, and each
// image has the tags that point at it.
func TestPagesAreTheList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		repo := store.New().Ensure("app")
		for i := range rapid.IntRange(0, 12).Draw(t, "images") {
			at := time.Unix(int64(rapid.IntRange(0, 3).Draw(t, "pushed")), 0)
			m := store.NewManifest(oci.MediaManifest, []byte(strconv.Itoa(i)), at)
			repo.PutManifest(m)
			for _, tag := range rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 0, 2).Draw(t, "tags") {
				repo.SetTag(tag, m.Digest, at)
			}
		}
		size := rapid.IntRange(1, 5).Draw(t, "size")
		var got []string
		var after store.Position
		for {
			page := repo.After(after, size, func(store.Listed) bool { return true })
			for _, l := range page {
				got = append(got, l.Digest)
				after = l.Position()
				for _, tag := range l.Tags {
					if where, ok := repo.Tag(tag); !ok || where.Digest != l.Digest {
						t.Errorf("%s is listed at %s, but is %v", tag, l.Digest, where)
					}
				}
			}
			if len(page) < size {
				break
			}
		}
		var want []string
		for _, m := range repo.Manifests() {
			want = append(want, m.Digest)
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages %v, list %v", got, want)
		}
	})
}

func TestMovable(t *testing.T) {
	t.Parallel()
	for kind, want := range map[store.Mutability][2]bool{
		"":                           {true, true},
		store.Mutable:                {true, true},
		store.Immutable:              {false, false},
		store.MutableWithExclusion:   {false, true},
		store.ImmutableWithExclusion: {true, false},
	} {
		s := store.Settings{Mutability: kind, Exclusions: []string{"dev-*"}}
		if got := [2]bool{s.Movable("dev-1"), s.Movable("v1")}; got != want {
			t.Errorf("%q: dev-1 and v1 movable: %v, want %v", kind, got, want)
		}
	}
}

// Only an index that is there keeps its children.
func TestParents(t *testing.T) {
	t.Parallel()
	repo := store.New().Ensure("app")
	child := store.NewManifest(oci.MediaManifest, []byte("{}"), time.Unix(1, 0))
	index := store.NewManifest(oci.MediaIndex, []byte(`{"manifests":[{"digest":"`+child.Digest+`"}]}`), time.Unix(2, 0))
	repo.PutManifest(child)
	repo.PutManifest(index)
	if got := repo.Parents(child.Digest); !slices.Equal(got, []string{index.Digest}) {
		t.Errorf("parents %v", got)
	}
	repo.DeleteManifest(index.Digest)
	if got := repo.Parents(child.Digest); len(got) != 0 {
		t.Errorf("parents %v", got)
	}
}
