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

func named(n int, by string) diff.Layer {
	return diff.Layer{Digest: layer(n).Digest, Size: int64(n), By: by}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	before := image.Config{
		Env: []string{"PATH=/bin", "TOKEN=secret", "GONE=1"}, Ports: []string{"80/tcp"}, Entrypoint: []string{"/app"}, User: "root",
		Labels:  map[string]string{"org.opencontainers.image.revision": "abc"},
		History: []image.History{{CreatedBy: "COPY a"}, {CreatedBy: "RUN b"}},
	}
	after := image.Config{
		Env: []string{"PATH=/bin", "TOKEN=other", "NEW="}, Ports: []string{"8080/tcp"}, Entrypoint: []string{"/app"}, User: "1000",
		Labels:  map[string]string{"org.opencontainers.image.revision": "def"},
		History: []image.History{{CreatedBy: "COPY a"}, {CreatedBy: "RUN c"}},
	}
	got := diff.Compare(
		diff.Side{Digest: "a", Parts: []diff.Part{part("amd64", before, 1, 2), part("arm64", before, 1)}},
		diff.Side{Digest: "b", Parts: []diff.Part{part("amd64", after, 1, 3), part("s390x", after, 1)}},
	)
	want := diff.Index{
		From: "a", To: "b", FromSize: 3, ToSize: 4, Transfer: 3, Lost: []string{"linux/arm64"}, Gained: []string{"linux/s390x"},
		Images: []diff.Image{{
			Platform: "linux/amd64", From: ref.DigestOf([]byte("amd64")), To: ref.DigestOf([]byte("amd64")),
			Layers: diff.Layers{
				Common: []diff.Layer{named(1, "COPY a")}, Added: []diff.Layer{named(3, "RUN c")},
				Removed: []diff.Layer{named(2, "RUN b")}, CommonBytes: 1, AddedBytes: 3, RemovedBytes: 2,
				Changes: []diff.Change{{named(1, "COPY a"), 0}, {named(2, "RUN b"), -1}, {named(3, "RUN c"), 1}},
			},
			Env: []diff.Value{
				{Name: "GONE", From: new("1")}, {Name: "NEW", To: new("")}, {Name: "TOKEN", From: new("secret"), To: new("other")},
			},
			Ports:    diff.Names{Added: []string{"8080/tcp"}, Removed: []string{"80/tcp"}},
			Labels:   []diff.Value{{Name: "org.opencontainers.image.revision", From: new("abc"), To: new("def")}},
			Settings: []diff.Value{{Name: "user", From: new("root"), To: new("1000")}},
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
		sorted := func(all []diff.Layer) []ref.Digest {
			var out []ref.Digest
			for _, l := range all {
				out = append(out, l.Digest)
			}
			slices.Sort(out)
			return out
		}
		env := func(i diff.Image) diff.Names { return diff.NamesOf(i.Env) }
		if !slices.Equal(sorted(there.Layers.Added), sorted(back.Layers.Removed)) ||
			!slices.Equal(sorted(there.Layers.Common), sorted(back.Layers.Common)) ||
			!slices.Equal(env(there).Added, env(back).Removed) || !slices.Equal(env(there).Changed, env(back).Changed) ||
			!slices.Equal(there.History.Added, back.History.Removed) {
			t.Fatalf("%+v\n%+v", there, back)
		}
		if len(there.Layers.Common)+len(there.Layers.Added) != len(b.Manifest.Layers) ||
			len(there.Layers.Common)+len(there.Layers.Removed) != len(a.Manifest.Layers) {
			t.Fatalf("%+v", there.Layers)
		}
		var lies [2][]ref.Digest // as the sides have them
		for _, c := range there.Layers.Changes {
			if c.Side <= 0 {
				lies[0] = append(lies[0], c.Digest)
			}
			if c.Side >= 0 {
				lies[1] = append(lies[1], c.Digest)
			}
		}
		for i, m := range []image.Manifest{a.Manifest, b.Manifest} {
			if len(lies[i]) != len(m.Layers) {
				t.Fatalf("side %d has %d layers, not %d", i, len(lies[i]), len(m.Layers))
			}
		}
		for i, l := range b.Manifest.Layers {
			if lies[1][i] != l.Digest {
				t.Fatalf("layer %d of the second is %s", i, lies[1][i])
			}
		}
		same := diff.Images("", a, a)
		if len(same.Env) > 0 || !same.History.Empty() || len(same.Layers.Added)+len(same.Layers.Removed)+len(same.Labels)+len(same.Settings) > 0 {
			t.Fatalf("%+v", same)
		}
	})
}
