package storage_test

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/storage"
)

func blob(name string, size int64) image.Descriptor {
	return image.Descriptor{Digest: ref.DigestOf([]byte(name)), Size: size}
}

// manifest is one of 100 bytes.
func manifest(name string, layers ...image.Descriptor) image.Manifest {
	return image.Manifest{
		Digest: ref.DigestOf([]byte("manifest " + name)), Kind: image.KindImage, Layers: layers,
		Raw: []byte(strings.Repeat("x", 100)),
	}
}

func index(name string, children ...image.Manifest) image.Manifest {
	m := manifest(name)
	m.Kind = image.KindIndex
	for _, c := range children {
		m.Children = append(m.Children, image.Descriptor{Digest: c.Digest, Size: 100})
	}
	return m
}

func graphOf(all ...image.Manifest) *graph.Graph {
	g := graph.New()
	for _, m := range all {
		g.Add(m)
	}
	return g
}

func TestDraw(t *testing.T) {
	t.Parallel()
	base, foreign := blob("base", 1000), blob("windows", 5000)
	foreign.MediaType = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
	amd, arm := manifest("amd", base, blob("amd", 10)), manifest("arm", base, blob("arm", 20))
	v1, v2 := index("v1", amd, arm), index("v2", arm, manifest("new", base, blob("new", 30)))
	sig := manifest("sig", blob("sig", 1))
	sig.Subject = &image.Descriptor{Digest: v1.Digest}
	g := graphOf(amd, arm, v1, v2, manifest("new", base, blob("new", 30)), sig, manifest("alone", foreign))
	g.Tag("v1", v1.Digest)
	g.Tag("v2", v2.Digest)
	got := storage.Draw(g)
	if len(got.Gaps) > 0 || len(got.Holdings) != 3 {
		t.Fatalf("%+v", got)
	}
	want := map[string][2]int64{ // total and own: arm, its layer and base are in both
		"v1": {100*4 + 1000 + 10 + 20 + 1, 100*3 + 10 + 1},
		"v2": {100*3 + 1000 + 20 + 30, 100*2 + 30},
		ref.DigestOf([]byte("manifest alone")).Short(): {100, 100},
	}
	for _, h := range got.Holdings {
		if w := want[h.Name()]; h.Total != w[0] || h.Own != w[1] {
			t.Errorf("%s holds %d, %d of them alone, want %v", h.Name(), h.Total, h.Own, w)
		}
	}
	if want := int64(7*100 + 1000 + 10 + 20 + 30 + 1); got.Stored != want {
		t.Errorf("%d bytes are stored, want %d", got.Stored, want)
	}
	if l := got.Layers[0]; !l.Foreign || l.Size != 5000 {
		t.Errorf("the largest is %+v", l)
	}
	if l := got.Layers[1]; l.Digest != base.Digest || len(l.Images) != 2 {
		t.Errorf("base is in %d images", len(l.Images))
	}
}

// What images hold alone never is more than what is stored, what each holds is
// no less than its own, and taking all of it together everything is held.
func TestDrawProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := graph.New()
		var all []image.Manifest
		for i := range rapid.IntRange(1, 8).Draw(t, "images") {
			var layers []image.Descriptor
			for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(1, 6), 0, 4, rapid.ID).Draw(t, "layers") {
				layers = append(layers, blob(strconv.Itoa(n), int64(n)))
			}
			m := manifest(strconv.Itoa(i), layers...)
			all = append(all, m)
			g.Add(m)
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "indexes") {
			var children []image.Manifest
			for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(all)-1), 0, 4, rapid.ID).Draw(t, "children") {
				children = append(children, all[n])
			}
			g.Add(index("index"+strconv.Itoa(i), children...))
		}
		p := storage.Draw(g)
		var own, total int64
		for _, h := range p.Holdings {
			own, total = own+h.Own, total+h.Total
			if h.Own > h.Total || h.Shared() < 0 {
				t.Fatalf("%+v", h)
			}
		}
		if own > p.Stored || p.Stored > p.Alone || total > p.Alone {
			t.Fatalf("own %d, stored %d, total %d, alone %d", own, p.Stored, total, p.Alone)
		}
		if want := g.Weigh(g.Manifests()...).Total; p.Stored != want {
			t.Fatalf("stored %d, want %d", p.Stored, want)
		}
	})
}

func TestOverlap(t *testing.T) {
	t.Parallel()
	a := graphOf(manifest("a", blob("base", 100), blob("a", 1)))
	b := graphOf(manifest("b", blob("base", 100), blob("b", 2)), manifest("c", blob("b", 2)))
	shares, together := storage.Overlap([]*graph.Graph{a, b})
	if together != 103 || shares[0] != (storage.Share{Stored: 101, Own: 1}) || shares[1] != (storage.Share{Stored: 102, Own: 2}) {
		t.Errorf("%+v, %d together", shares, together)
	}
}
