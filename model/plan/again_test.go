package plan_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// said is everything that a plan says, but its notes, a line each.
func said(p plan.Plan) string {
	var out []string
	for _, s := range p.Steps {
		out = append(out, "step: "+s.Reason)
	}
	for _, k := range p.Kept {
		out = append(out, "kept: "+strings.Join(k.Tags, "+")+": "+k.Reason)
	}
	for _, r := range p.Risks {
		out = append(out, "careful: "+r.Reason)
	}
	for _, l := range p.Lost {
		out = append(out, "lost: "+l.Reason)
	}
	notes := slices.Sorted(slices.Values(p.Notes)) // their order tells nothing
	return strings.Join(append(out, notes...), "\n")
}

// wantAsFresh compares a plan that was worked out again with one that is made anew.
func wantAsFresh(t *testing.T, name string, again, fresh plan.Plan) {
	t.Helper()
	again.CreatedAt = fresh.CreatedAt
	if said(again) != said(fresh) || again.ReclaimedBytes != fresh.ReclaimedBytes || again.Estimated != fresh.Estimated ||
		!reflect.DeepEqual(again.Risks, fresh.Risks) || again.Word() != fresh.Word() {
		t.Errorf("%s: again it says, of %d bytes\n%s\nanew, of %d bytes\n%s", name, again.ReclaimedBytes, said(again), fresh.ReclaimedBytes, said(fresh))
	}
}

// A plan that is worked out again says what one says that is made anew, whatever others have
// done in between.
func TestAgainSaysWhatAFreshPlanSays(t *testing.T) {
	t.Parallel()
	base, other, third := img(t, "a", "big", "own"), img(t, "b", "else"), img(t, "c", "big")
	child, sbom := img(t, "child", "lower"), referrer(t, "sbom", base)
	multi := index(t, child)
	world := func() plan.View {
		v := view(tags{"v1": base, "v2": other, "also": other, "prod": multi}, child, sbom)
		v.Can.ManifestDelete, v.Can.TagDelete = plan.Unknown, plan.Unknown
		return v
	}
	at := func(v plan.View) plan.Move {
		from, to := tagged(v.Repository, "v1"), tagged(v.Repository, "v2")
		from.Host, to.Host = v.Registry, v.Registry
		return plan.Move{From: from, To: to}
	}
	makers := map[string]func(v plan.View) (plan.Plan, error){
		"delete": func(v plan.View) (plan.Plan, error) { return plan.ToDelete(v, deletes(base), options()) },
		"index":  func(v plan.View) (plan.Plan, error) { return plan.ToDelete(v, deletes(multi), options()) },
		"untag":  func(v plan.View) (plan.Plan, error) { return plan.ToUntag(v, []string{"v2"}, options()) },
		"untags": func(v plan.View) (plan.Plan, error) { return plan.ToUntag(v, []string{"also", "v1", "v2"}, options()) },
		"retag": func(v plan.View) (plan.Plan, error) {
			return plan.ToRetag([]plan.View{v}, []plan.Move{at(v)}, options())
		},
		"rollback": func(v plan.View) (plan.Plan, error) {
			back := plan.Back{Tag: at(v).To, To: base.Digest, Keep: "before-v2"}
			return plan.ToRollback([]plan.View{v}, []plan.Back{back}, options())
		},
		"prune": func(v plan.View) (plan.Plan, error) {
			return plan.ToPrune(v, plan.Pruning{
				Deletes: []ref.Digest{base.Digest, sbom.Digest}, Marks: map[string]ref.Digest{"goes-in-may": multi.Digest},
				Unmarks: []string{"v2"}, Reasons: map[ref.Digest]string{base.Digest: "older than 90 days"},
				Kept: []plan.Kept{
					{Digest: other.Digest, Reason: "it is number 1 of the newest 2"}, {Digest: multi.Digest, Reason: "prod is excluded"},
				},
			}, options())
		},
	}
	events := map[string]func(v *plan.View){
		"nothing":            func(*plan.View) {},
		"a layer is shared":  func(v *plan.View) { v.Graph.Add(third); v.Graph.Tag("v9", third.Digest) },
		"a tag is gone":      func(v *plan.View) { v.Graph.Untag("also") },
		"a tag more":         func(v *plan.View) { v.Graph.Tag("more", other.Digest) },
		"deletes are known":  func(v *plan.View) { v.Can.ManifestDelete, v.Can.TagDelete = plan.Yes, plan.Yes },
		"untagged unlisted":  func(v *plan.View) { v.Can.ListsUntagged = false },
		"refused before":     func(v *plan.View) { v.Can.ManifestRefused = plan.Refusal{Status: 405} },
		"something unread":   func(v *plan.View) { v.Graph.MissingTag("dark", "denied") },
		"the child is freed": func(v *plan.View) { v.Graph.Add(index(t, child, other)) },
	}
	for what, plans := range makers {
		old, err := plans(world())
		if err != nil {
			t.Fatal(what, err)
		}
		compared := 0
		for event, happens := range events {
			now := world()
			happens(&now)
			fresh, err := plans(now)
			if err != nil || brief(fresh, map[string]image.Manifest{}) != brief(old, map[string]image.Manifest{}) {
				continue // it is another plan by now: Check refuses the old one
			}
			compared++
			fresh, _ = plan.Foresee(fresh, nil, nil, now)
			now = world() // some plans note what they are to set
			happens(&now)
			wantAsFresh(t, what+", "+event, plan.Again(old, options(), now), fresh)
		}
		if compared < len(events)-2 {
			t.Errorf("%s: only %d of %d were compared", what, compared, len(events))
		}
	}
}

// What is left of a plan says of what is left only.
func TestAgainSaysOnlyWhatIsLeft(t *testing.T) {
	t.Parallel()
	rules := options()
	rules.Rules.ManyImages = 3
	all := tags{}
	var ms []image.Manifest
	for _, name := range []string{"a", "b", "c"} {
		m := img(t, name, name+"1", "shared")
		ms, all["pr-"+name] = append(ms, m), m
	}
	p, err := plan.ToDelete(view(all), deletes(ms...), rules)
	if err != nil || len(p.Risks) != 2 {
		t.Fatal(err, p.Risks)
	}
	left, _ := p.Skipping(map[int]string{1: "done", 2: "done"})
	last := ms[2]
	for _, m := range ms {
		if m.Digest == left.Steps[0].Digest {
			last = m
		}
	}
	tag := left.Steps[0].Tags[0]
	again := plan.Again(left, rules, view(tags{tag: last}))
	fresh, err := plan.ToDelete(view(tags{tag: last}), deletes(last), rules)
	if err != nil {
		t.Fatal(err)
	}
	wantAsFresh(t, "the rest", again, fresh)
	if again.ReclaimedBytes <= left.ReclaimedBytes {
		t.Errorf("the layer that they shared goes with the last of them: %d, of %d", again.ReclaimedBytes, left.ReclaimedBytes)
	}
}

// A delete whose tags are removed already takes none along.
func TestAgainADeleteNamesTheTagsThatAreLeft(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"v1": a, "v2": a})
	v.Can.TaggedDelete = plan.No
	p, err := plan.ToDelete(v, deletes(a), options())
	if err != nil || len(p.Steps) != 3 {
		t.Fatal(err, p.Steps)
	}
	for done, want := range []string{
		"asked for; the tags v1 and v2 go along", "asked for; the tag v2 goes along", "asked for",
	} {
		left := p
		left.Steps = p.Steps[done:]
		if done > 0 {
			v.Graph.Untag(p.Steps[done-1].Reference.Tag)
		}
		again := plan.Again(left, options(), v)
		last := again.Steps[len(again.Steps)-1]
		if goes := slices.ContainsFunc(again.Risks, func(r plan.Risk) bool { return r.Kind == plan.LastTag }); last.Reason != want || goes != (done < 2) {
			t.Errorf("%d tags are removed: %q, %+v", done, last.Reason, again.Risks)
		}
	}
}

// An undo of which only the tag is left does not say that the image goes, and one that takes
// the last tag off says so: the risks are those of the steps that are left.
func TestRisksFollowWhatIsLeftOfAnUndo(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	untag := plan.Plan{
		Registry: "registry.example", Repository: "shop/api", Steps: []plan.Step{{
			Kind: plan.Untag, Reference: tagged("shop/api", "ix"), Digest: a.Digest,
			Expect: plan.Expect{Tag: "ix", Digest: a.Digest}, Reason: "the tag was not there before the run",
		}}, Risks: []plan.Risk{
			{Kind: plan.LastTag, Typed: true, Reason: "the images go with the tags ix and sha256-0.sig"},
			{Kind: plan.InUseRisk, Typed: true, Reason: "in use: web"},
		},
	}
	held := plan.Rerisk(untag, options(), view(tags{"ix": a, "theirs": a}))
	if len(held.Risks) != 1 || held.Risks[0].Kind != plan.InUseRisk {
		t.Errorf("it has another tag: %+v", held.Risks)
	}
	last := plan.Rerisk(untag, options(), view(tags{"ix": a}))
	if len(last.Risks) != 2 || !last.Risks[0].Typed || !strings.Contains(last.Risks[0].Reason, "(ix) loses its last tag") {
		t.Errorf("it has no other tag: %+v", last.Risks)
	}
	if blind := plan.Rerisk(untag, options()); len(blind.Risks) != 1 {
		t.Errorf("nobody has looked: %+v", blind.Risks)
	}
}

// What nobody works out again is said to be of when the plan was made, once.
func TestWhatIsOfThenSaysSo(t *testing.T) {
	t.Parallel()
	a, b := img(t, "a"), img(t, "b")
	p := plan.Plan{
		Registry: "registry.example", Repository: "shop/api", Steps: []plan.Step{{
			Kind: plan.Untag, Reference: tagged("shop/api", "v1"), Digest: a.Digest, Expect: plan.Expect{Tag: "v1", Digest: a.Digest},
		}},
		Kept: []plan.Kept{
			{Digest: b.Digest, Tags: []string{"v2"}, Reason: "v2 points there already"},
			{Digest: b.Digest, Tags: []string{"v2", "old"}, Reason: "v2 does not match pr-*"},
			{Digest: digest("gone"), Tags: []string{"v3"}, Reason: "v3 does not match pr-*"},
		},
		Risks: []plan.Risk{{Kind: plan.Preflight, Reason: "signature: it is not signed"}},
		Notes: []string{"2 blobs are there already", "checked, all is well", "12 steps are free text"},
		Lost:  []plan.Lost{{Digest: digest("else"), Reason: "its manifest was not saved"}, {Digest: a.Digest, Reason: "as it was"}},
	}
	once := plan.Again(p, options(), view(tags{"v1": a, "v2": a, "new": b}))
	for _, want := range []string{
		"kept: v2: when the plan was made: v2 points there already", "kept: new: v2 does not match pr-*",
		"careful: when the plan was made: signature", "when the plan was made: 2 blobs are there already",
		"when the plan was made: checked, all is well", "\n12 steps", "lost: when the plan was made: its manifest was not saved",
	} {
		wantText(t, said(once), want)
	}
	for _, not := range []string{"v3", "as it was"} {
		if strings.Contains(said(once), not) {
			t.Errorf("it says %q still:\n%s", not, said(once))
		}
	}
	if twice := plan.Again(once, options(), view(tags{"v1": a, "v2": a, "new": b})); said(twice) != said(once) {
		t.Errorf("again, and again:\n%s\n%s", said(once), said(twice))
	}
}

// What a run has done shows what its registry can do.
func TestARunProvesWhatItsRegistryCanDo(t *testing.T) {
	t.Parallel()
	p := plan.Plan{Steps: []plan.Step{{Kind: plan.Delete}, {Kind: plan.Untag}}}
	for _, c := range []struct {
		outcomes []plan.Outcome
		want     plan.Capabilities
	}{
		{nil, plan.Capabilities{}},
		{[]plan.Outcome{plan.Failed, plan.Unchanged}, plan.Capabilities{}},
		{[]plan.Outcome{plan.Done}, plan.Capabilities{ManifestDelete: plan.Yes}},
		{[]plan.Outcome{plan.Skipped, plan.Done}, plan.Capabilities{TagDelete: plan.Yes}},
	} {
		if got := (plan.Capabilities{}).Proven(p, c.outcomes); got.ManifestDelete != c.want.ManifestDelete || got.TagDelete != c.want.TagDelete {
			t.Errorf("%v: %+v", c.outcomes, got)
		}
	}
	if got := (plan.Capabilities{ManifestDelete: plan.No}).Proven(p, []plan.Outcome{plan.Done}); got.ManifestDelete != plan.No {
		t.Errorf("what is known stays: %+v", got)
	}
}
