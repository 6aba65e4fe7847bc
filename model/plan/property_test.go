package plan_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

func anyCapabilities() *rapid.Generator[plan.Capabilities] {
	return rapid.SampledFrom([]plan.Capabilities{
		{TagDelete: plan.Yes, ManifestDelete: plan.Yes, TaggedDelete: plan.Yes, ListsUntagged: true},
		{TagDelete: plan.Yes, ManifestDelete: plan.Yes},
		{TagDelete: plan.Yes, ManifestDelete: plan.Yes, TaggedDelete: plan.No},
		{TagDelete: plan.No, ManifestDelete: plan.Yes},
		{TagDelete: plan.Yes, ManifestDelete: plan.Yes, TaggedDelete: plan.Yes, LastTagDeletes: true},
	})
}

// anyRegistry is a repository of images that share layers, of indexes of
// these and of indexes, referrers of anything, and tags of all sorts.
func anyRegistry(t *rapid.T) *registry {
	r := newRegistry(anyCapabilities().Draw(t, "can"))
	var all []image.Manifest
	for i := range rapid.IntRange(1, 6).Draw(t, "images") {
		layers := rapid.SliceOfN(rapid.SampledFrom([]string{"l1", "l2", "l3", "l4"}), 0, 3).Draw(t, "layers")
		all = append(all, img(t, fmt.Sprint("config ", i), layers...))
	}
	for range rapid.IntRange(0, 6).Draw(t, "more") {
		switch pick := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, 3, digestOf).Draw(t, "of"); {
		case rapid.Bool().Draw(t, "index"):
			all = append(all, index(t, pick...))
		default:
			all = append(all, referrer(t, strconv.Itoa(rapid.IntRange(0, 2).Draw(t, "type")), pick[0]))
		}
	}
	for _, m := range all {
		r.push(m)
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "tags") {
		r.tags[fmt.Sprint("v", i)] = digestOf(rapid.SampledFrom(all).Draw(t, "tagged"))
	}
	for range rapid.IntRange(0, 4).Draw(t, "companions") {
		suffix := rapid.SampledFrom([]string{"", ".sig", ".att"}).Draw(t, "suffix")
		r.tags[beside(rapid.SampledFrom(all).Draw(t, "subject"), suffix)] = digestOf(rapid.SampledFrom(all).Draw(t, "beside"))
	}
	return r
}

func digestOf(m image.Manifest) ref.Digest { return m.Digest }

func shuffled(t *rapid.T) func([]ref.Digest) []ref.Digest {
	return func(d []ref.Digest) []ref.Digest { return rapid.Permutation(d).Draw(t, "order") }
}

// anyDelete is a plan to delete a random selection; where an index would
// break, its parents are selected too.
func anyDelete(t *rapid.T, r *registry) plan.Plan {
	pick := rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(r.manifests))), 1, 3, rapid.ID[ref.Digest])
	s := plan.Selection{Digests: pick.Draw(t, "selected")}
	for at := 0; at < len(s.Digests); at++ {
		for d, m := range r.manifests {
			listed := slices.ContainsFunc(m.Children, func(c image.Descriptor) bool { return c.Digest == s.Digests[at] })
			if listed && !slices.Contains(s.Digests, d) {
				s.Digests = append(s.Digests, d)
			}
		}
	}
	p, err := plan.ToDelete(r.view(inOrder), s, options())
	if err != nil {
		t.Fatal(err)
	}
	other, err := plan.ToDelete(r.view(shuffled(t)), plan.Selection{Digests: shuffled(t)(s.Digests)}, options())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p, other); diff != "" {
		t.Fatalf("the plan depends on the order of the input: %s", diff)
	}
	return p
}

func wantSame(t *rapid.T, what string, want, got *registry) {
	if diff := cmp.Diff(slices.Sorted(maps.Keys(want.manifests)), slices.Sorted(maps.Keys(got.manifests))); diff != "" {
		t.Fatalf("%s: manifests: %s", what, diff)
	}
	if diff := cmp.Diff(want.tags, got.tags); diff != "" {
		t.Fatalf("%s: tags: %s", what, diff)
	}
}

// What a plan to delete says is what happens.
func TestDeleteDoesWhatItSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := anyRegistry(t)
		p := anyDelete(t, before)
		after := before.clone()
		if _, err := after.run(p, -1); err != nil {
			t.Fatal(err)
		}
		want := before.clone()
		for _, s := range p.Steps {
			switch s.Kind {
			case plan.Delete:
				delete(want.manifests, s.Digest)
			case plan.Untag, plan.UntagByDummy:
				delete(want.tags, s.Reference.Tag)
			case plan.Retag, plan.Put, plan.CopyBlob, plan.Pull, plan.LifecyclePolicy, plan.Archive,
				plan.Restore, plan.Deploy:
			}
			for _, tag := range s.Tags {
				delete(want.tags, tag)
			}
		}
		wantSame(t, "after", want, after)
		if got := before.stored() - after.stored(); got != p.ReclaimedBytes || p.Estimated {
			t.Fatalf("%d bytes came back, the plan said %d", got, p.ReclaimedBytes)
		}
		for _, m := range after.manifests {
			for _, c := range m.Children {
				if _, ok := after.manifests[c.Digest]; !ok {
					t.Fatalf("the index %s lost its child %s", m.Digest, c.Digest)
				}
			}
		}
		for _, k := range p.Kept {
			if diff := cmp.Diff(after.tagsOf(k.Digest), k.Tags); diff != "" || after.manifests[k.Digest].Digest == "" {
				t.Fatalf("%s is not kept with its tags: %s", k.Digest, diff)
			}
		}
	})
}

// Where not everything could be read, nothing goes along that something unread
// may need: on a strict registry, no step fails that was not asked for.
func TestGapsTakeNothingAlong(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRegistry(t)
		all := slices.Sorted(maps.Keys(r.manifests))
		unread := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, -1, rapid.ID[ref.Digest]).Draw(t, "unread")
		v := r.view(func(d []ref.Digest) []ref.Digest {
			return slices.DeleteFunc(d, func(d ref.Digest) bool { return slices.Contains(unread, d) })
		})
		for _, d := range unread {
			v.Graph.Missing(d, "timed out")
		}
		p, err := plan.ToDelete(v, plan.Selection{Digests: []ref.Digest{rapid.SampledFrom(all).Draw(t, "asked")}}, options())
		if err != nil {
			return
		}
		if !p.Typed() || !p.Estimated {
			t.Fatal("the plan pretends to know everything")
		}
		ran, err := r.run(p, -1)
		at := slices.Index(ran.Outcomes, "")
		if err != nil && p.Steps[at].Collateral {
			t.Fatal(err)
		}
	})
}

// A plan is the same read back from its file, and what it was made from is no
// drift.
func TestPlansSurviveTheirFile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRegistry(t)
		p := anyDelete(t, r)
		raw, err := plan.Encode(p)
		if err != nil {
			t.Fatal(err)
		}
		got, err := plan.Decode(raw)
		if err != nil {
			t.Fatal(err)
		}
		if err := plan.Check(got, r.view(inOrder)); err != nil {
			t.Fatal(err)
		}
		again, err := plan.Encode(got)
		if err != nil || string(again) != string(raw) {
			t.Fatalf("%v: %s", err, cmp.Diff(string(raw), string(again)))
		}
	})
}

// Taking tags away deletes nothing, on no registry.
func TestUntagDeletesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := anyRegistry(t)
		if len(before.tags) == 0 {
			return
		}
		pick := rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(before.tags))), 1, -1, rapid.ID[string])
		tags := pick.Draw(t, "untagged")
		p, err := plan.ToUntag(before.view(inOrder), tags, options())
		if err != nil {
			if before.can.TaggedDelete == plan.No {
				return // no dummy can be deleted there
			}
			t.Fatal(err)
		}
		if len(p.Removes()) > 0 {
			t.Fatalf("the plan deletes %v", p.Removes())
		}
		after, want := before.clone(), before.clone()
		ran, err := after.run(p, -1)
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range tags {
			delete(want.tags, tag)
		}
		wantSame(t, "after", want, after)
		undo := plan.Inverse(ran, nil, before.can, options())
		if _, err := after.run(undo.Plan, -1); err != nil {
			t.Fatal(err)
		}
		wantSame(t, "undone", before, after)
	})
}

// Undo restores what was, also after a run that stopped in the middle; undo of
// undo restores what the run left; and so on.
func TestUndoRestores(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := anyRegistry(t)
		p := anyDelete(t, before)
		after := before.clone()
		ran, err := after.run(p, rapid.IntRange(-1, len(p.Steps)-1).Draw(t, "fails"))
		if err != nil {
			t.Fatal(err)
		}
		now := after.clone()
		for i := range 4 {
			undo := plan.Inverse(ran, presence(now, ran), before.can, options())
			if undo.Verdict != plan.Possible {
				t.Fatalf("undo %d is %s: %v", i, undo.Verdict, undo.Plan.Lost)
			}
			if _, err := plan.Encode(undo.Plan); err != nil {
				t.Fatal(err)
			}
			if ran, err = now.run(undo.Plan, -1); err != nil {
				t.Fatalf("undo %d: %v", i, err)
			}
			want := before
			if i%2 == 1 {
				want = after
			}
			wantSame(t, fmt.Sprint("undo ", i), want, now)
		}
	})
}

// presence answers what an undo asks, until it asks no more.
func presence(r *registry, ran plan.Ran) plan.Presence {
	seen := plan.Presence{}
	for {
		asks := plan.Inverse(ran, seen, r.can, options()).Asks
		if len(asks) == 0 {
			return seen
		}
		for _, a := range asks {
			_, blob := r.blobs[a.Digest]
			_, manifest := r.manifests[a.Digest]
			seen[a.Place] = a.Blob && blob || !a.Blob && manifest
		}
	}
}

// Tags that move come back, and what ran in doubt is undone without harm.
func TestRetagIsUndone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before := anyRegistry(t)
		all := slices.Sorted(maps.Keys(before.manifests))
		want := before.clone()
		var moves []plan.Move
		for i := range rapid.IntRange(1, 4).Draw(t, "moves") {
			tag := fmt.Sprint("v", i)
			want.tags[tag] = rapid.SampledFrom(all).Draw(t, "to")
			moves = append(moves, plan.Move{From: byDigest(want.tags[tag]), To: tagged("shop/api", tag)})
		}
		p, err := plan.ToRetag([]plan.View{before.view(inOrder)}, rapid.Permutation(moves).Draw(t, "order"), options())
		if err != nil {
			t.Fatal(err)
		}
		after := before.clone()
		ran, err := after.run(p, -1)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "after", want, after)
		undo := plan.Inverse(ran, presence(after, ran), before.can, options())
		if before.can.TaggedDelete == plan.No && undo.Verdict != plan.Possible {
			return // a new tag may be the last one there
		}
		again, err := after.run(undo.Plan, -1)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, "undone", before, after)
		if _, err := after.run(plan.Inverse(again, presence(after, again), before.can, options()).Plan, -1); err != nil {
			t.Fatal(err)
		}
		wantSame(t, "redone", want, after)
	})
}
