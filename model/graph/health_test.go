package graph_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/image"
	"regatta/model/ref"
)

func TestWhatIsGoneAndWhatWasNotLookedFor(t *testing.T) {
	t.Parallel()
	amd, arm, lost, cosign := img(t, "amd"), img(t, "arm"), img(t, "lost"), img(t, "cosign")
	multi := index(t, amd, arm)
	sig := referrer(t, "sig", lost)
	g := build(map[string]image.Manifest{"v1": multi, beside(lost, ".sig"): cosign}, amd, sig)
	if diff := cmp.Diff(digests(lost), g.Unsought()); diff != "" {
		t.Error(diff)
	}
	if g.Gone(lost.Digest) || len(g.MissingChildren(multi.Digest)) != 0 {
		t.Error("what nobody looked for is not gone")
	}
	g.Absent(lost.Digest)
	g.Absent(arm.Digest)
	if !g.Gone(lost.Digest) || len(g.Unsought()) != 0 {
		t.Errorf("gone %v, unsought %v", g.Gone(lost.Digest), g.Unsought())
	}
	if diff := cmp.Diff(digests(arm), g.MissingChildren(multi.Digest)); diff != "" {
		t.Error(diff)
	}
	if !g.ParentsKnown() {
		t.Error("all indexes were read")
	}
	g.MissingTag("v2", "timed out")
	if g.ParentsKnown() {
		t.Error("a tag that was not read may be an index")
	}
}

func TestAccompanies(t *testing.T) {
	t.Parallel()
	amd, cosign := img(t, "amd"), img(t, "cosign")
	sbom := referrer(t, "sbom", amd)
	g := build(map[string]image.Manifest{"v1": amd, beside(amd, ".sig"): cosign}, sbom)
	for _, c := range []struct {
		of   ref.Digest
		want bool
	}{{cosign.Digest, true}, {sbom.Digest, true}, {amd.Digest, false}, {ref.DigestOf(nil), false}} {
		of, only := g.Accompanies(c.of)
		if only != c.want || c.want && !cmp.Equal(of, digests(amd)) {
			t.Errorf("%s: %v, %v", c.of.Short(), of, only)
		}
	}
	g.Tag("sbom", sbom.Digest)
	if of, only := g.Accompanies(sbom.Digest); only || len(of) != 1 {
		t.Error("a tag of its own makes it more than what it describes")
	}
}
