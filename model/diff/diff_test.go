package diff_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"regatta/model/diff"
	"regatta/model/image"
	"regatta/model/ref"
)

func layer(n int) image.Descriptor {
	return image.Descriptor{Digest: ref.DigestOf([]byte(strconv.Itoa(n))), Size: int64(n)}
}

func part(arch string, c image.Config, layers ...int) diff.Part {
	p := diff.Part{Config: c, Platform: image.Platform{OS: "linux", Architecture: arch}}
	p.Manifest.Digest = ref.DigestOf([]byte(arch))
	for _, n := range layers {
		p.Manifest.Layers = append(p.Manifest.Layers, layer(n))
	}
	return p
}

func TestCompare(t *testing.T) {
	t.Parallel()
	before := image.Config{
		Env: []string{"PATH=/bin", "TOKEN=secret", "GONE=1"}, Ports: []string{"80/tcp"}, Entrypoint: []string{"/app"}, User: "root",
		Labels:  map[string]string{"org.opencontainers.image.revision": "abc"},
		History: []image.History{{CreatedBy: "COPY a"}, {CreatedBy: "RUN b"}},
	}
	after := image.Config{
		Env: []string{"PATH=/bin", "TOKEN=other", "NEW=1"}, Ports: []string{"8080/tcp"}, Entrypoint: []string{"/app"}, User: "1000",
		Labels:  map[string]string{"org.opencontainers.image.revision": "def"},
		History: []image.History{{CreatedBy: "COPY a"}, {CreatedBy: "RUN c"}},
	}
	got := diff.Compare(
		diff.Side{Digest: "a", Parts: []diff.Part{part("amd64", before, 1, 2), part("arm64", before, 1)}},
		diff.Side{Digest: "b", Parts: []diff.Part{part("amd64", after, 1, 3), part("s390x", after, 1)}},
	)
	want := diff.Index{
		From: "a", To: "b", FromSize: 3, ToSize: 4, Lost: []string{"linux/arm64"}, Gained: []string{"linux/s390x"},
		Images: []diff.Image{{
			Platform: "linux/amd64",
			Layers: diff.Layers{
				Common: []ref.Digest{layer(1).Digest}, Added: []ref.Digest{layer(3).Digest}, Removed: []ref.Digest{layer(2).Digest},
				CommonBytes: 1, AddedBytes: 3, RemovedBytes: 2,
			},
			Env:      diff.Names{Added: []string{"NEW"}, Removed: []string{"GONE"}, Changed: []string{"TOKEN"}},
			Ports:    diff.Names{Added: []string{"8080/tcp"}, Removed: []string{"80/tcp"}},
			Labels:   []diff.Value{{Name: "org.opencontainers.image.revision", From: "abc", To: "def"}},
			Settings: []diff.Value{{Name: "user", From: "root", To: "1000"}},
			History:  diff.Names{Added: []string{"RUN c"}, Removed: []string{"RUN b"}},
		}},
	}
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
}

// The other way round, what was added was removed; an image does not differ from
// itself; common, added and removed layers are all that there are.
func TestCompareProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := func(name string) diff.Part {
			c := image.Config{
				Env:     rapid.SliceOfN(rapid.SampledFrom([]string{"A=1", "A=2", "B=1", "C"}), 0, 4).Draw(t, name+" env"),
				History: []image.History{{CreatedBy: rapid.SampledFrom([]string{"x", "y"}).Draw(t, name+" step")}},
			}
			return part("amd64", c, rapid.SliceOfN(rapid.IntRange(1, 4), 0, 6).Draw(t, name+" layers")...)
		}
		a, b := some("a"), some("b")
		there, back := diff.Images("", a, b), diff.Images("", b, a)
		sorted := func(all []ref.Digest) []ref.Digest { return slices.Sorted(slices.Values(all)) }
		if !slices.Equal(sorted(there.Layers.Added), sorted(back.Layers.Removed)) ||
			!slices.Equal(sorted(there.Layers.Common), sorted(back.Layers.Common)) ||
			!slices.Equal(there.Env.Added, back.Env.Removed) || !slices.Equal(there.Env.Changed, back.Env.Changed) ||
			!slices.Equal(there.History.Added, back.History.Removed) {
			t.Fatalf("%+v\n%+v", there, back)
		}
		if len(there.Layers.Common)+len(there.Layers.Added) != len(b.Manifest.Layers) ||
			len(there.Layers.Common)+len(there.Layers.Removed) != len(a.Manifest.Layers) {
			t.Fatalf("%+v", there.Layers)
		}
		same := diff.Images("", a, a)
		if !same.Env.Empty() || !same.History.Empty() || len(same.Layers.Added)+len(same.Layers.Removed)+len(same.Labels)+len(same.Settings) > 0 {
			t.Fatalf("%+v", same)
		}
	})
}
