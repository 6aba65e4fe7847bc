package plan_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

func mirror(tag string) ref.Reference {
	return ref.Reference{Host: "mirror.example", Repository: "copy/api", Tag: tag}
}

// mirrorView is the repository that is copied to, with these tags.
func mirrorView(t tags) plan.View {
	v := view(t)
	v.Registry, v.Repository = "mirror.example", "copy/api"
	v.Graph.Partial("only the tags that are set were looked at")
	return v
}

func tree(tag string, manifests ...image.Manifest) plan.Tree {
	return plan.Tree{From: tagged("shop/api", ""), To: mirror(tag), Manifests: manifests}
}

func TestCopyBringsBlobsThenManifestsThenTags(t *testing.T) {
	t.Parallel()
	amd, arm := img(t, "amd", "base", "a"), img(t, "arm", "base", "b")
	ix := index(t, amd, arm)
	seen := plan.Presence{{Repository: "copy/api", Digest: digest("base")}: true}
	p, err := plan.ToCopy([]plan.View{mirrorView(nil)}, []plan.Tree{tree("v1", ix, amd, arm)}, seen, "", options())
	names := map[string]image.Manifest{"amd": amd, "arm": arm, "ix": ix}
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"amd", "a", "arm", "b"} {
		names[d+" blob"] = image.Manifest{Digest: digest(d)}
	}
	wantSteps(t, p, err, names, "copy-blob amd blob, copy-blob a blob, put amd, copy-blob arm blob, copy-blob b blob, "+
		"put arm, put ix, retag v1")
	if s := p.Steps[1]; s.From != byDigest(digest("a")) || s.Size != 100 {
		t.Errorf("step is %+v", s)
	}
	if after := p.Steps[6].After; !slices.Equal(after, []int{2, 5}) {
		t.Errorf("the index waits for %v", after)
	}
	if p.Transfer() != 220 || p.Repository != "copy/api" || p.Registry != "mirror.example" {
		t.Errorf("plan is %+v", p)
	}
	wantText(t, p.Notes[0], "at most 220")
	wantText(t, p.Notes[1], "1 blob is there already")
}

func TestCopyOfWhatIsThere(t *testing.T) {
	t.Parallel()
	old, next := img(t, "old"), img(t, "next", "l")
	ask := func(m image.Manifest) plan.Presence {
		there := plan.Presence{{Repository: "copy/api", Digest: m.Digest}: true}
		for _, d := range m.Blobs() {
			there[plan.Place{Repository: "copy/api", Digest: d.Digest}] = true
		}
		return there
	}
	p, err := plan.ToCopy([]plan.View{mirrorView(tags{"v1": next})}, []plan.Tree{tree("v1", next)}, ask(next), "", options())
	wantSteps(t, p, err, nil, "")
	wantText(t, kept(p, next), "v1 points there already")
	p, err = plan.ToCopy([]plan.View{mirrorView(tags{"prod": old})}, []plan.Tree{tree("prod", next)}, ask(next), "", options())
	wantSteps(t, p, err, nil, "retag prod")
	if p.Steps[0].Expect != (plan.Expect{Tag: "prod", Digest: old.Digest}) || !p.Typed() {
		t.Errorf("plan is %+v", p)
	}
	lacks := ask(next)
	lacks[plan.Place{Repository: "copy/api", Digest: digest("l")}] = false
	p, err = plan.ToCopy([]plan.View{mirrorView(tags{"prod": old})}, []plan.Tree{tree("prod", next)}, lacks, "", options())
	wantSteps(t, p, err, map[string]image.Manifest{"layer": {Digest: digest("l")}}, "copy-blob layer, retag prod")
	if after := p.Steps[1].After; !slices.Equal(after, []int{0}) {
		t.Errorf("the tag waits for %v, not for the layer that was missing", after)
	}
	p, err = plan.ToCopy([]plan.View{mirrorView(nil)}, []plan.Tree{tree("", next)}, plan.Presence{}, "", options())
	wantSteps(t, p, err, map[string]image.Manifest{
		"next": next, "config": {Digest: digest("next")}, "layer": {Digest: digest("l")},
	}, "copy-blob config, copy-blob layer, put next")
}

// What completes what is there is counted once, however much leads to it.
func TestStepsThatCompleteAreCounted(t *testing.T) {
	t.Parallel()
	amd, arm := img(t, "amd", "base"), img(t, "arm", "base")
	ix := index(t, amd, arm)
	there := func(lost ...ref.Digest) plan.Presence {
		seen := plan.Presence{}
		for _, m := range []image.Manifest{ix, amd, arm} {
			seen[plan.Place{Repository: "copy/api", Digest: m.Digest}] = true
			for _, d := range m.Blobs() {
				seen[plan.Place{Repository: "copy/api", Digest: d.Digest}] = true
			}
		}
		for _, d := range lost {
			seen[plan.Place{Repository: "copy/api", Digest: d}] = false
		}
		return seen
	}
	for name, tt := range map[string]struct {
		seen plan.Presence
		want string
	}{
		"a layer of both":      {there(digest("base")), "1 step completes what is there already"},
		"a layer and a config": {there(digest("base"), digest("arm")), "2 steps complete what is there already"},
		"a child and all":      {there(arm.Digest, digest("arm"), digest("base")), "3 steps complete what is there already"},
		"nothing is there":     {plan.Presence{}, ""},
	} {
		p, err := plan.ToCopy([]plan.View{mirrorView(nil)}, []plan.Tree{tree("v1", ix, amd, arm)}, tt.seen, "", options())
		if err != nil {
			t.Fatal(err)
		}
		said := strings.Join(p.Notes, "; ")
		if !strings.Contains(said, tt.want) || tt.want == "" && strings.Contains(said, "complete") {
			t.Errorf("%s: %s, want %q", name, said, tt.want)
		}
	}
}

// What neither side has cannot be copied, and is named before anything is.
func TestCopyOfWhatTheSourceLacks(t *testing.T) {
	t.Parallel()
	one := img(t, "one", "base", "own")
	at := func(repo, of string) plan.Place { return plan.Place{Repository: repo, Digest: digest(of)} }
	o := options()
	o.Source.Lacks = map[plan.Place]bool{at("shop/api", "own"): true}
	_, err := plan.ToCopy([]plan.View{mirrorView(nil)}, []plan.Tree{tree("v1", one)}, plan.Presence{}, "", o)
	refusal(t, err, plan.SourceLacks, fault.Incomplete)
	wantText(t, err.Error(), "registry.example/shop/api does not have its layer "+digest("own").Short())
	sbom := tree("", one)
	sbom.Beside = "SBOM"
	_, err = plan.ToCopy([]plan.View{mirrorView(nil)}, []plan.Tree{sbom}, plan.Presence{}, "", o)
	refusal(t, err, plan.SourceLacks, fault.Incomplete)
	wantText(t, err.Error(), "without referrers the image can be copied")
	there := plan.Presence{at("copy/api", "own"): true}
	p, err := plan.ToCopy([]plan.View{mirrorView(nil)}, []plan.Tree{tree("v1", one)}, there, "", o)
	wantSteps(t, p, err, map[string]image.Manifest{"one": one, "config": {Digest: digest("one")}, "base": {Digest: digest("base")}},
		"copy-blob config, copy-blob base, put one, retag v1")
	o.Source = plan.Source{Unasked: 2, Why: "30s is the limit"}
	p, err = plan.ToCopy([]plan.View{mirrorView(nil)}, []plan.Tree{tree("v1", one)}, plan.Presence{}, "", o)
	if err != nil || !strings.Contains(strings.Join(p.Notes, "; "), "2 configs and layers of the source were not looked at: 30s is the limit") {
		t.Errorf("%v, %v", p.Notes, err)
	}
}

func TestCopyIsRefused(t *testing.T) {
	t.Parallel()
	a, b := img(t, "a"), img(t, "b")
	fixed := mirrorView(tags{"v1": b})
	fixed.Can.Mutability.Immutable = true
	schema1 := a
	schema1.Kind = image.KindSchema1
	for name, c := range map[string]struct {
		v     plan.View
		trees []plan.Tree
		why   plan.Why
		kind  fault.Kind
	}{
		"nothing":          {mirrorView(nil), nil, plan.NothingSelected, fault.Invalid},
		"immutable":        {fixed, []plan.Tree{tree("v1", a)}, plan.ImmutableTag, fault.Immutable},
		"schema 1":         {mirrorView(nil), []plan.Tree{tree("v1", schema1)}, plan.Schema1, fault.Unsupported},
		"two ways at once": {mirrorView(nil), []plan.Tree{tree("v1", a), tree("v1", b)}, plan.Contradiction, fault.Invalid},
	} {
		_, err := plan.ToCopy([]plan.View{c.v}, c.trees, plan.Presence{}, "", options())
		t.Log(name)
		refusal(t, err, c.why, c.kind)
	}
}

// Whatever is copied into whatever is there, a registry that takes nothing
// before what it refers to takes every step, the plan's bytes are what was
// missing, and undoing it leaves no tag and no manifest behind.
func TestCopyIsComplete(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := anyRegistry(t)
		to := newRegistry(plan.Capabilities{TagDelete: plan.Yes, ManifestDelete: plan.Yes, TaggedDelete: plan.Yes})
		all := ordered(from)
		for _, m := range all {
			if rapid.Bool().Draw(t, "there") && to.missing(m) == "" {
				to.push(m)
			}
		}
		before := to.clone()
		var trees []plan.Tree
		for i, m := range rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, 3, digestOf).Draw(t, "roots") {
			trees = append(trees, tree("v"+string(rune('a'+i)), from.under(m)...))
		}
		p, err := plan.ToCopy([]plan.View{mirrorView(nil)}, trees, to.presence(trees), "", options())
		if err != nil {
			t.Fatal(err)
		}
		raw, err := plan.Encode(p)
		if err == nil {
			_, err = plan.Decode(raw)
		}
		if err != nil {
			t.Fatal(err)
		}
		ran, err := to.run(p, -1)
		if err != nil {
			t.Fatal(err)
		}
		for _, tree := range trees {
			if to.tags[tree.To.Tag] != tree.Root() {
				t.Fatalf("%s points to %s", tree.To.Tag, to.tags[tree.To.Tag])
			}
			for _, m := range tree.Manifests {
				if _, ok := to.manifests[m.Digest]; !ok {
					t.Fatalf("%s did not arrive", m.Digest)
				}
			}
		}
		undone := plan.Inverse(ran, plan.Presence{}, to.can, options())
		if _, err := to.run(undone.Plan, -1); err != nil {
			t.Fatal(err)
		}
		if len(to.tags) > 0 || len(to.manifests) != len(before.manifests) {
			t.Fatalf("after undo there are %v and %d manifests, were %d", to.tags, len(to.manifests), len(before.manifests))
		}
	})
}

// ordered is what a registry holds, what is referred to before what refers.
func ordered(r *registry) []image.Manifest {
	var out []image.Manifest
	seen := map[ref.Digest]bool{}
	var add func(m image.Manifest)
	add = func(m image.Manifest) {
		if seen[m.Digest] {
			return
		}
		seen[m.Digest] = true
		for _, c := range m.Children {
			add(r.manifests[c.Digest])
		}
		out = append(out, m)
	}
	for _, d := range r.view(inOrder).Graph.Manifests() {
		add(r.manifests[d])
	}
	return out
}

// under is a manifest with all that it lists, the root first.
func (r *registry) under(m image.Manifest) []image.Manifest {
	out := []image.Manifest{m}
	for i := 0; i < len(out); i++ {
		for _, c := range out[i].Children {
			out = append(out, r.manifests[c.Digest])
		}
	}
	return out
}

// missing is what a manifest refers to and the registry does not have.
func (r *registry) missing(m image.Manifest) string {
	for _, d := range m.Blobs() {
		if _, ok := r.blobs[d.Digest]; !ok {
			return "blob " + string(d.Digest)
		}
	}
	for _, c := range m.Children {
		if _, ok := r.manifests[c.Digest]; !ok {
			return "child " + string(c.Digest)
		}
	}
	return ""
}

func (r *registry) presence(trees []plan.Tree) plan.Presence {
	out := plan.Presence{}
	for _, t := range trees {
		for _, a := range t.Places() {
			if _, ok := r.manifests[a.Digest]; ok && !a.Blob {
				out[a.Place] = true
			}
			if _, ok := r.blobs[a.Digest]; ok && a.Blob {
				out[a.Place] = true
			}
		}
	}
	return out
}

func allDone(p plan.Plan) []plan.Outcome {
	out := make([]plan.Outcome, len(p.Steps))
	for i := range out {
		out[i] = plan.Done
	}
	return out
}

func TestArchivedKeepsBeforeItDeletes(t *testing.T) {
	t.Parallel()
	amd, arm := img(t, "amd", "base"), img(t, "arm", "base")
	ix := index(t, amd, arm)
	v := view(tags{"v1": ix}, amd, arm)
	p, err := plan.ToDelete(v, deletes(ix), options())
	if err != nil {
		t.Fatal(err)
	}
	whole := v.Whole(p)
	if len(whole) != 1 || whole[0].Digest != ix.Digest || whole[0].Tag != "v1" {
		t.Fatalf("keeps %v", whole)
	}
	a := plan.Archived(p, []plan.Catch{{What: whole[0], Kind: "index", Size: 120}}, "oci:/archive")
	if said := strings.Join(a.Notes, "\n"); !strings.Contains(said, "undo puts the images back from oci:/archive") ||
		strings.Contains(said, "for as long as the registry keeps") || slices.Equal(a.Notes, p.Notes) {
		t.Errorf("it notes\n%s", said)
	}
	names := map[string]image.Manifest{"amd": amd, "arm": arm, "ix": ix}
	if len(a.Steps) != len(p.Steps)+1 || a.Steps[0].Kind != plan.Pull {
		t.Fatalf("steps are %s", brief(a, names))
	}
	for i, s := range a.Steps[1:] {
		if len(s.After) == 0 {
			t.Errorf("step %d does not wait", i+1)
		}
	}
	raw, err := plan.Encode(a)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plan.Decode(raw); err != nil {
		t.Error(err)
	}
	ran := plan.Ran{
		Plan: a, Outcomes: allDone(a), Saved: map[ref.Digest]plan.Manifest{},
		Archive: map[ref.Digest]int64{digest("base"): 100, digest("amd"): 10, digest("arm"): 10},
	}
	for _, m := range names {
		ran.Saved[m.Digest] = plan.Manifest{MediaType: m.MediaType, Raw: m.Raw}
	}
	u := plan.Inverse(ran, plan.Presence{}, v.Can, options())
	for len(u.Asks) > 0 { // the registry's collector has taken everything
		seen := plan.Presence{}
		for _, q := range u.Asks {
			seen[q.Place] = false
		}
		u = plan.Inverse(ran, seen, v.Can, options())
	}
	if u.Verdict != plan.Possible || u.Plan.Local != "oci:/archive" || u.Plan.Transfer() != 120 {
		t.Errorf("undo is %s of %d bytes from %q: %v", u.Verdict, u.Plan.Transfer(), u.Plan.Local, u.Plan.Lost)
	}
	empty := newRegistry(v.Can)
	if _, err := empty.run(u.Plan, -1); err != nil || empty.tags["v1"] != ix.Digest {
		t.Errorf("%v: %v", empty.tags, err)
	}
	ran.Archive = nil
	if u := plan.Inverse(ran, plan.Presence{{Repository: "shop/api", Digest: digest("base")}: false}, v.Can, options()); u.Verdict == plan.Possible {
		t.Error("undo is possible without the layer")
	}
}
