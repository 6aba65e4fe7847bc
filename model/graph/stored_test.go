package graph_test

import (
	"testing"

	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/ref"
)

// What is stored where it cannot be read is there all the same; only one that may
// be an index may list others. Read later, or before, it is known as any.
func TestStored(t *testing.T) {
	t.Parallel()
	sealed, index, read := ref.DigestOf([]byte("sealed")), ref.DigestOf([]byte("index")), image.Manifest{
		Digest: ref.DigestOf([]byte("read")), Kind: image.KindImage, MediaType: image.MediaTypeOCIManifest, Raw: []byte("read"),
		Layers: []image.Descriptor{{Digest: ref.DigestOf([]byte("layer")), Size: 7}},
	}
	g := graph.New()
	g.Add(read)
	g.Stored(image.Descriptor{Digest: read.Digest, MediaType: read.MediaType}, "away")
	if !g.Complete() {
		t.Error("what was read is not known any more")
	}
	g.Stored(image.Descriptor{Digest: sealed, MediaType: image.MediaTypeOCIManifest}, "away")
	if is, raw := g.Known(sealed); !is || raw || g.Complete() || !g.ParentsKnown() || len(g.Gaps()) > 0 || g.Kind(sealed) != image.KindImage {
		t.Errorf("known %v, raw %v, complete %v, gaps %v", is, raw, g.Complete(), g.Gaps())
	}
	if b := g.Blast([]ref.Digest{sealed}, nil); b.Exact || len(b.Falls) != 1 || len(b.Unknown) > 0 {
		t.Errorf("%+v", b)
	}
	g.Stored(image.Descriptor{Digest: index, MediaType: image.MediaTypeOCIIndex}, "away")
	if is, _ := g.Known(index); is || g.ParentsKnown() || len(g.Gaps()) != 1 || g.Gaps()[0].Reason != "away" {
		t.Errorf("known %v, gaps %v", is, g.Gaps())
	}
	m := read
	m.Digest = sealed
	g.Add(m)
	m.Digest, m.Kind, m.MediaType = index, image.KindIndex, image.MediaTypeOCIIndex
	g.Add(m)
	if !g.Complete() || g.Weigh(sealed).Total == 0 {
		t.Errorf("%v, %+v", g.Gaps(), g.Weigh(sealed))
	}
}
