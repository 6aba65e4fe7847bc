package graph_test

import (
	"slices"
	"testing"

	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/ref"
)

// What is not there holds nothing: a referrer of two subjects goes with the one that there
// is. One that is there, or of which nobody knows whether it is, holds it.
func TestWhatIsNotThereHoldsNothing(t *testing.T) {
	t.Parallel()
	made := func(name string) image.Manifest {
		return image.Manifest{
			Digest: ref.DigestOf([]byte(name)), Kind: image.KindImage, MediaType: image.MediaTypeOCIManifest, Raw: []byte(name),
		}
	}
	one, other, referrer := made("one"), made("other"), made("referrer")
	for name, tt := range map[string]struct {
		other func(g *graph.Graph)
		goes  bool
	}{
		"absent": {func(g *graph.Graph) { g.Absent(other.Digest) }, true},
		"there":  {func(g *graph.Graph) { g.Add(other) }, false},
		"unread": {func(g *graph.Graph) { g.Missing(other.Digest, "denied") }, false},
	} {
		g := graph.New()
		g.Add(one)
		g.Add(referrer)
		for _, subject := range []ref.Digest{one.Digest, other.Digest} {
			g.Referrer(subject, image.Descriptor{Digest: referrer.Digest, MediaType: referrer.MediaType})
		}
		tt.other(g)
		b := g.Blast([]ref.Digest{one.Digest}, nil)
		goes := slices.ContainsFunc(b.Falls, func(f graph.Fall) bool { return f.Digest == referrer.Digest })
		if goes != tt.goes {
			t.Errorf("%s: the referrer goes: %v", name, goes)
		}
	}
}
