package cleanup_test

import (
	"strings"
	"testing"
	"time"

	"regatta/model/cleanup"
	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

const day = 24 * time.Hour

var today = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func digest(name string) ref.Digest { return ref.DigestOf([]byte(name)) }

func short(name string) string { return digest(name).Short() }

// shop is a repository in the making. What has a negative age has no time.
type shop struct {
	graph     *graph.Graph
	described map[ref.Digest]image.Image
}

func newShop() *shop { return &shop{graph.New(), map[ref.Digest]image.Image{}} }

func (s *shop) manifest(name string, kind image.Kind, children []string, subject string) image.Manifest {
	m := image.Manifest{
		Digest: digest(name), Kind: kind, MediaType: image.MediaTypeOCIManifest, Raw: []byte(name),
		Config: image.Descriptor{Digest: digest("config " + name), Size: 10},
		Layers: []image.Descriptor{{Digest: digest("base"), Size: 100}, {Digest: digest("layer " + name), Size: 1000}},
	}
	if kind == image.KindIndex {
		m.MediaType, m.Config, m.Layers = image.MediaTypeOCIIndex, image.Descriptor{}, nil
	}
	for _, c := range children {
		m.Children = append(m.Children, image.Descriptor{Digest: digest(c), MediaType: image.MediaTypeOCIManifest})
	}
	if subject != "" {
		m.Subject = &image.Descriptor{Digest: digest(subject)}
	}
	return m
}

func (s *shop) add(m image.Manifest, age time.Duration, tags []string) {
	s.graph.Add(m)
	for _, t := range tags {
		s.graph.Tag(t, m.Digest)
	}
	img := image.Image{Digest: m.Digest, Size: 1000}
	if age >= 0 {
		img.Pushed = today.Add(-age)
	}
	s.described[m.Digest] = img
}

func (s *shop) image(name string, age time.Duration, tags ...string) *shop {
	s.add(s.manifest(name, image.KindImage, nil, ""), age, tags)
	return s
}

func (s *shop) index(name string, age time.Duration, children []string, tags ...string) *shop {
	s.add(s.manifest(name, image.KindIndex, children, ""), age, tags)
	return s
}

func (s *shop) referrer(name string, age time.Duration, subject string, tags ...string) *shop {
	s.add(s.manifest(name, image.KindArtifact, nil, subject), age, tags)
	return s
}

func (s *shop) gone(names ...string) *shop {
	for _, n := range names {
		s.graph.Absent(digest(n))
	}
	return s
}

func (s *shop) pulled(name string, ago time.Duration) *shop {
	img := s.described[digest(name)]
	img.Pulled = today.Add(-ago)
	s.described[digest(name)] = img
	return s
}

// archived says where an image is, and since when it was in the archive.
func (s *shop) archived(name string, where image.Storage, ago time.Duration) *shop {
	img := s.described[digest(name)]
	img.Storage, img.Archived = where, today.Add(-ago)
	s.described[digest(name)] = img
	return s
}

func (s *shop) evaluate(r cleanup.Rules) *cleanup.Selection {
	return cleanup.NewStock(s.graph, s.described).Evaluate(r, today)
}

func (s *shop) view() plan.View {
	return plan.View{
		Registry: "registry.example", Repository: "shop/api", Graph: s.graph,
		Can: plan.Capabilities{TagDelete: plan.Yes, ManifestDelete: plan.Yes, TaggedDelete: plan.Yes, ListsUntagged: true},
	}
}

func reason(tb testing.TB, s *cleanup.Selection, name string) string {
	tb.Helper()
	v, ok := s.Verdict(digest(name))
	if !ok {
		tb.Fatalf("there is no verdict on %s", name)
	}
	return v.Reason()
}

func signature(of string) string { return digest(of).FallbackTag() + ".sig" }

// removed are the names, of those given, that go.
func removed(tb testing.TB, s *cleanup.Selection, names ...string) string {
	tb.Helper()
	var out []string
	for _, n := range names {
		if v, ok := s.Verdict(digest(n)); ok && v.Outcome == cleanup.Removed {
			out = append(out, n)
		}
	}
	return strings.Join(out, " ")
}

func list(tb testing.TB, source string) cleanup.KeepList {
	tb.Helper()
	k, err := cleanup.ParseKeepList(source, ref.Reference{Host: "registry.example", Repository: "shop/api"})
	if err != nil {
		tb.Fatal(err)
	}
	return k
}
