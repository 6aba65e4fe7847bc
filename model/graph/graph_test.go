package graph_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/ref"
)

// img is an image with a config of 10 bytes and a layer for each word, of 100
// bytes times the length of the word.
func img(tb testing.TB, name string, layers ...string) image.Manifest {
	tb.Helper()
	return parse(tb, map[string]any{
		"schemaVersion": 2, "mediaType": image.MediaTypeOCIManifest,
		"config": blob(image.MediaTypeOCIConfig, name, 10), "layers": words(layers),
	})
}

func words(layers []string) []any {
	out := []any{}
	for _, l := range layers {
		out = append(out, blob("application/vnd.oci.image.layer.v1.tar", l, 100*len(l)))
	}
	return out
}

func blob(mediaType, name string, size int) map[string]any {
	return map[string]any{"mediaType": mediaType, "digest": ref.DigestOf([]byte(name)), "size": size}
}

func parse(tb testing.TB, m map[string]any) image.Manifest {
	tb.Helper()
	raw, err := json.Marshal(m)
	if err != nil {
		tb.Fatal(err)
	}
	parsed, err := image.ParseManifest("", raw)
	if err != nil {
		tb.Fatal(err)
	}
	return parsed
}

func index(tb testing.TB, children ...image.Manifest) image.Manifest {
	tb.Helper()
	list := []any{}
	for _, c := range children {
		list = append(list, map[string]any{"mediaType": c.MediaType, "digest": c.Digest, "size": len(c.Raw)})
	}
	return parse(tb, map[string]any{"schemaVersion": 2, "mediaType": image.MediaTypeOCIIndex, "manifests": list})
}

func referrer(tb testing.TB, name string, subject image.Manifest) image.Manifest {
	tb.Helper()
	return parse(tb, map[string]any{
		"schemaVersion": 2, "mediaType": image.MediaTypeOCIManifest, "artifactType": "x/" + name,
		"config":  blob(image.MediaTypeOCIEmpty, "{}", 2),
		"subject": map[string]any{"mediaType": subject.MediaType, "digest": subject.Digest, "size": len(subject.Raw)},
	})
}

// build makes a graph of manifests, and of tags given as "tag" → manifest.
func build(tags map[string]image.Manifest, more ...image.Manifest) *graph.Graph {
	g := graph.New()
	for tag, m := range tags {
		g.Add(m)
		g.Tag(tag, m.Digest)
	}
	for _, m := range more {
		g.Add(m)
	}
	return g
}

func beside(m image.Manifest, suffix string) string { return m.Digest.FallbackTag() + suffix }

func digests(ms ...image.Manifest) []ref.Digest {
	out := make([]ref.Digest, len(ms))
	for i, m := range ms {
		out[i] = m.Digest
	}
	return out
}

// goes is "digest: cause" of all that falls, stays the same of what is held.
func goes(b graph.Blast) map[ref.Digest]graph.Cause {
	out := map[ref.Digest]graph.Cause{}
	for _, f := range b.Falls {
		out[f.Digest] = f.Cause
	}
	return out
}

func stays(b graph.Blast) map[ref.Digest]graph.Hold {
	out := map[ref.Digest]graph.Hold{}
	for _, s := range b.Stays {
		out[s.Digest] = s.Hold
	}
	return out
}

func TestBlast(t *testing.T) {
	t.Parallel()
	amd, arm, shared := img(t, "amd"), img(t, "arm"), img(t, "shared")
	multi, other := index(t, amd, arm, shared), index(t, shared)
	sig := referrer(t, "sig", multi)
	deep := referrer(t, "deep", sig)
	cosign := img(t, "cosign")
	for name, c := range map[string]struct {
		tags  map[string]image.Manifest
		more  []image.Manifest
		ask   []image.Manifest
		goes  map[ref.Digest]graph.Cause
		stays map[ref.Digest]graph.Hold
	}{
		"children go unless another index has them": {
			tags: map[string]image.Manifest{"v1": multi, "v2": other}, more: []image.Manifest{amd, arm, shared},
			ask:   []image.Manifest{multi},
			goes:  map[ref.Digest]graph.Cause{multi.Digest: graph.Asked, amd.Digest: graph.IsChild, arm.Digest: graph.IsChild},
			stays: map[ref.Digest]graph.Hold{shared.Digest: graph.HasParents},
		},
		"a child of two indexes goes when both go": {
			tags: map[string]image.Manifest{"v1": multi, "v2": other}, more: []image.Manifest{amd, arm, shared},
			ask: []image.Manifest{multi, other},
			goes: map[ref.Digest]graph.Cause{
				multi.Digest: graph.Asked, other.Digest: graph.Asked, amd.Digest: graph.IsChild,
				arm.Digest: graph.IsChild, shared.Digest: graph.IsChild,
			},
			stays: map[ref.Digest]graph.Hold{},
		},
		"a tagged child stays": {
			tags: map[string]image.Manifest{"v1": multi, "amd": amd}, more: []image.Manifest{arm},
			ask:   []image.Manifest{multi},
			goes:  map[ref.Digest]graph.Cause{multi.Digest: graph.Asked, arm.Digest: graph.IsChild},
			stays: map[ref.Digest]graph.Hold{amd.Digest: graph.HasTags, shared.Digest: graph.NotRead},
		},
		"referrers go, and theirs": {
			tags: map[string]image.Manifest{"v1": multi, "v2": other}, more: []image.Manifest{amd, arm, shared, sig, deep},
			ask: []image.Manifest{multi},
			goes: map[ref.Digest]graph.Cause{
				multi.Digest: graph.Asked, amd.Digest: graph.IsChild, arm.Digest: graph.IsChild,
				sig.Digest: graph.IsReferrer, deep.Digest: graph.IsReferrer,
			},
			stays: map[ref.Digest]graph.Hold{shared.Digest: graph.HasParents},
		},
		"a referrer of a child that stays, stays": {
			tags: map[string]image.Manifest{"v1": multi, "arm": arm},
			more: []image.Manifest{amd, shared, referrer(t, "of arm", arm)},
			ask:  []image.Manifest{multi},
			goes: map[ref.Digest]graph.Cause{
				multi.Digest: graph.Asked, amd.Digest: graph.IsChild, shared.Digest: graph.IsChild,
			},
			stays: map[ref.Digest]graph.Hold{arm.Digest: graph.HasTags},
		},
		"signatures by tag go": {
			tags:  map[string]image.Manifest{"v1": amd, beside(amd, ".sig"): cosign},
			ask:   []image.Manifest{amd},
			goes:  map[ref.Digest]graph.Cause{amd.Digest: graph.Asked, cosign.Digest: graph.IsBeside},
			stays: map[ref.Digest]graph.Hold{},
		},
		"a fallback index of two subjects stays": {
			tags:  map[string]image.Manifest{"v1": amd, "v2": arm, beside(amd, ""): other, beside(arm, ""): other},
			more:  []image.Manifest{shared},
			ask:   []image.Manifest{amd},
			goes:  map[ref.Digest]graph.Cause{amd.Digest: graph.Asked},
			stays: map[ref.Digest]graph.Hold{other.Digest: graph.HasTags},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := build(c.tags, c.more...).Blast(digests(c.ask...), nil)
			if unread := len(c.stays) > 1; b.Exact == unread {
				t.Errorf("exact is %v, a child is unread %v", b.Exact, unread)
			}
			if diff := cmp.Diff(c.goes, goes(b)) + cmp.Diff(c.stays, stays(b)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBlastNamesWhatBreaks(t *testing.T) {
	t.Parallel()
	amd := img(t, "amd")
	multi := index(t, amd)
	g := build(map[string]image.Manifest{"v1": multi}, amd)
	b := g.Blast(digests(amd), nil)
	if diff := cmp.Diff([]graph.Break{{Child: amd.Digest, Parent: multi.Digest}}, b.Breaks); diff != "" {
		t.Error(diff)
	}
	if b := g.Blast(digests(amd, multi), nil); len(b.Breaks) != 0 {
		t.Errorf("breaks %v though the index goes too", b.Breaks)
	}
}

// A fallback tag goes though its index stays, when it is made from what goes.
func TestBlastLoosensFallbackTags(t *testing.T) {
	t.Parallel()
	amd, arm, list := img(t, "amd"), img(t, "arm"), index(t)
	g := build(map[string]image.Manifest{beside(amd, ""): list, beside(arm, ""): list}, amd, arm)
	b := g.Blast(digests(amd), nil)
	want := []graph.Stay{{
		Digest: list.Digest, Of: amd.Digest, Hold: graph.HasTags,
		Loose: []string{beside(amd, "")}, Tags: []string{beside(arm, "")},
	}}
	if diff := cmp.Diff(want, b.Stays); diff != "" {
		t.Error(diff)
	}
}

// Taking tags away never deletes, also where it is asked together with a
// delete next door.
func TestUntaggingHoldsTheManifest(t *testing.T) {
	t.Parallel()
	amd, cosign := img(t, "amd"), img(t, "cosign")
	multi := index(t, amd)
	g := build(map[string]image.Manifest{"v1": multi, "amd": amd, beside(amd, ".sig"): cosign})
	b := g.Blast(digests(multi), []string{"amd", beside(amd, ".sig")})
	if diff := cmp.Diff(map[ref.Digest]graph.Cause{multi.Digest: graph.Asked}, goes(b)); diff != "" {
		t.Error(diff)
	}
	if len(b.Untagged) != 2 {
		t.Errorf("untagged are %v, want both", b.Untagged)
	}
}

func TestNothingGoesAlongWhileAnIndexMayBeUnread(t *testing.T) {
	t.Parallel()
	amd := img(t, "amd")
	multi := index(t, amd)
	for name, spoil := range map[string]func(g *graph.Graph){
		"a tag":      func(g *graph.Graph) { g.MissingTag("v2", "timed out") },
		"the rest":   func(g *graph.Graph) { g.Partial("one tag was looked at") },
		"a manifest": func(g *graph.Graph) { g.Tag("v2", ref.DigestOf([]byte("?"))) },
		"an index":   func(g *graph.Graph) { g.Missing(ref.DigestOf([]byte("?")), "denied") },
	} {
		g := build(map[string]image.Manifest{"v1": multi}, amd)
		spoil(g)
		b := g.Blast(digests(multi), nil)
		if diff := cmp.Diff(map[ref.Digest]graph.Hold{amd.Digest: graph.MayBeParent}, stays(b)); diff != "" || b.Exact {
			t.Errorf("%s: exact %v %s", name, b.Exact, diff)
		}
		if g.Complete() || len(g.Gaps()) != 1 || g.Gaps()[0].Reason == "" {
			t.Errorf("%s: gaps are %v", name, g.Gaps())
		}
	}
}

func TestAbsentChildrenAreKnowledge(t *testing.T) {
	t.Parallel()
	amd, arm := img(t, "amd"), img(t, "arm")
	g := build(map[string]image.Manifest{"v1": index(t, amd, arm)}, amd)
	g.Missing(arm.Digest, "not looked yet")
	g.Absent(arm.Digest)
	if !g.Complete() || g.Has(arm.Digest) {
		t.Errorf("gaps %v, has %v", g.Gaps(), g.Has(arm.Digest))
	}
	g.Add(arm)
	if !g.Has(arm.Digest) {
		t.Error("a manifest that was read after all is not there")
	}
}

func TestBytesComeBackOnceAndOnlyWhenNothingNeedsThem(t *testing.T) {
	t.Parallel()
	a, b, c := img(t, "a", "base", "own", "own"), img(t, "b", "base"), img(t, "c", "base")
	foreign := parse(t, map[string]any{
		"schemaVersion": 2, "mediaType": image.MediaTypeDockerManifest, "config": blob(image.MediaTypeDockerConfig, "f", 10),
		"layers": []any{blob("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "windows", 1_000_000)},
	})
	g := build(nil, a, b, c, foreign)
	size := func(ms ...image.Manifest) int64 {
		n := int64(0)
		for _, m := range ms {
			n += int64(len(m.Raw))
		}
		return n
	}
	for name, x := range map[string]struct {
		ask  []image.Manifest
		want int64
	}{
		"a shared layer stays":              {[]image.Manifest{a}, size(a) + 10 + 300},
		"the last one brings it back":       {[]image.Manifest{a, b, c}, size(a, b, c) + 30 + 300 + 400},
		"asked twice counts once":           {[]image.Manifest{b, b}, size(b) + 10},
		"foreign layers are stored nowhere": {[]image.Manifest{foreign}, size(foreign) + 10},
	} {
		if got := g.Blast(digests(x.ask...), nil); got.Bytes != x.want || !got.Exact {
			t.Errorf("%s: %d bytes, exact %v, want %d", name, got.Bytes, got.Exact, x.want)
		}
		wantFreed(t, g, digests(x.ask...), x.want)
	}
	w := g.Weigh(a.Digest, b.Digest)
	if w.Total != size(a, b)+20+700 || w.Shared != 400 || w.Unique+w.Shared != w.Total {
		t.Errorf("weight is %+v", w)
	}
}

// wantFreed checks that the content that is freed has names, each once, is sorted
// by size, and adds up to the bytes of every manifest.
func wantFreed(t *testing.T, g *graph.Graph, order []ref.Digest, want int64) {
	t.Helper()
	var sum int64
	for _, n := range g.Reclaim(order) {
		sum += n
	}
	seen := map[ref.Digest]bool{}
	named, last := int64(0), int64(math.MaxInt64)
	for _, f := range g.Freed(order) {
		if f.Manifest != slices.Contains(order, f.Digest) || seen[f.Digest] || f.Size > last {
			t.Errorf("%+v: asked for %v, before it %d bytes", f, order, last)
		}
		seen[f.Digest], last, named = true, f.Size, named+f.Size
	}
	if sum != want || named != want {
		t.Errorf("%d bytes by manifest, %d by name, want %d", sum, named, want)
	}
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	amd, arm := img(t, "amd"), img(t, "arm")
	multi := index(t, amd, arm, amd)
	sig := referrer(t, "sig", amd)
	onSig := referrer(t, "on sig", sig)
	loose := img(t, "loose")
	g := build(map[string]image.Manifest{"v1": multi, "v2": multi, beside(multi, ".sig"): arm}, amd, sig, onSig, loose)
	g.Referrer(amd.Digest, image.Descriptor{Digest: sig.Digest})
	for name, pair := range map[string][2]any{
		"tags":       {g.Tags(multi.Digest), []string{"v1", "v2"}},
		"parents":    {g.Parents(amd.Digest), digests(multi)},
		"children":   {g.Children(multi.Digest), digests(amd, arm)},
		"referrers":  {len(g.Referrers(amd.Digest)), 2},
		"companions": {g.Companions(multi.Digest)[0].Digest, arm.Digest},
		"reachable":  {len(g.Reachable()), 5},
		"manifests":  {len(g.Manifests()), 6},
		"kind":       {g.Kind(multi.Digest), image.KindIndex},
	} {
		if diff := cmp.Diff(pair[1], pair[0]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	g.Tag("v2", amd.Digest)
	if d, ok := g.Resolve("v2"); !ok || d != amd.Digest || len(g.Tags(multi.Digest)) != 1 {
		t.Errorf("a tag that moved is at %s, %v; the old digest has %v", d, ok, g.Tags(multi.Digest))
	}
	g.Untag("v2")
	if _, ok := g.Resolve("v2"); ok {
		t.Error("a tag that was taken away is still there")
	}
	none := ref.DigestOf([]byte("none"))
	if g.Has(none) || g.Tags(none) != nil || g.Parents(none) != nil || g.Children(none) != nil ||
		g.Referrers(none) != nil || g.Companions(none) != nil || g.Kind(none) != image.KindUnknown {
		t.Error("something is known of a manifest that nobody mentioned")
	}
}

// large is a repository of n images, each an index of two platforms with a
// base layer in common, a signature and a tag.
func large(tb testing.TB, n int) (*graph.Graph, []ref.Digest) {
	tb.Helper()
	g := graph.New()
	var all []ref.Digest
	for i := range n / 4 {
		amd := img(tb, fmt.Sprint("amd", i), "base", strings.Repeat("a", i%7)+strconv.Itoa(i))
		arm := img(tb, fmt.Sprint("arm", i), "base", fmt.Sprint("arm", i))
		multi := index(tb, amd, arm)
		for _, m := range []image.Manifest{amd, arm, multi, referrer(tb, "sig", multi)} {
			g.Add(m)
		}
		g.Tag(fmt.Sprint("v", i), multi.Digest)
		all = append(all, multi.Digest)
	}
	return g, all
}

func BenchmarkBlast(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		g, all := large(b, n)
		b.Run(fmt.Sprint("images=", n), func(b *testing.B) {
			for b.Loop() {
				if got := g.Blast(all, nil); len(got.Falls) != n {
					b.Fatal(len(got.Falls))
				}
			}
		})
	}
}
