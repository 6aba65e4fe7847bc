package plan_test

import (
	"slices"
	"strings"
	"testing"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// deleted is the run of a plan that deleted the manifests, with its journal.
func deleted(t *testing.T, v plan.View, all []image.Manifest, asked ...image.Manifest) plan.Ran {
	t.Helper()
	p, err := plan.ToDelete(v, deletes(asked...), options())
	if err != nil {
		t.Fatal(err)
	}
	ran := plan.Ran{Plan: p, Saved: map[ref.Digest]plan.Manifest{}}
	for range p.Steps {
		ran.Outcomes = append(ran.Outcomes, plan.Done)
	}
	for _, m := range all {
		ran.Saved[m.Digest] = plan.Manifest{MediaType: m.MediaType, Raw: m.Raw}
	}
	return ran
}

func here(d ref.Digest) plan.Place { return plan.Place{Repository: "shop/api", Digest: d} }

func TestUndoPutsChildrenThenIndexThenReferrersThenTags(t *testing.T) {
	t.Parallel()
	amd, arm := img(t, "amd"), img(t, "arm")
	multi := index(t, amd, arm)
	sig := referrer(t, "sig", multi)
	all := []image.Manifest{amd, arm, multi, sig}
	v := view(tags{"v1": multi, "prod": multi}, amd, arm, sig)
	ran := deleted(t, v, all, multi)
	u := plan.Inverse(ran, nil, v.Can, options())
	names := tags{"child": amd, "Child": arm, "multi": multi, "sig": sig}
	got := strings.ToLower(brief(u.Plan, names))
	if want := "put child, put child, put multi, put sig, retag prod, retag v1"; got != want {
		t.Errorf("steps are %s, want %s", got, want)
	}
	if u.Verdict != plan.Possible || !u.Plan.Typed() {
		t.Errorf("verdict %s, risks %v", u.Verdict, u.Plan.Risks)
	}
	if s := u.Plan.Steps[4]; s.Expect != (plan.Expect{Tag: "prod"}) || len(s.After) != 1 || s.After[0] != 2 {
		t.Errorf("the tag's step is %+v", s)
	}
	blobs := 0
	for _, a := range u.Asks {
		if a.Blob {
			blobs++
		}
	}
	if blobs != 3 || blobs != len(u.Asks) {
		t.Errorf("asks for %v, want two configs and the empty one", u.Asks)
	}
}

// Signatures of signatures come back in their order, whatever their digests.
func TestUndoPutsSubjectsBeforeTheirReferrers(t *testing.T) {
	t.Parallel()
	all := []image.Manifest{img(t, "a")}
	for range 8 {
		all = append(all, referrer(t, "sig", all[len(all)-1]))
	}
	v := view(tags{"v1": all[0]}, all[1:]...)
	u := plan.Inverse(deleted(t, v, all, all[0]), nil, v.Can, options())
	for i, m := range all {
		if u.Plan.Steps[i].Digest != m.Digest {
			t.Fatalf("step %d puts another manifest", i)
		}
	}
}

func TestUndoSaysWhetherItIsPossible(t *testing.T) {
	t.Parallel()
	a, b := img(t, "a", "base", "own"), img(t, "b", "base")
	v := view(tags{"v1": a, "v2": b})
	for name, c := range map[string]struct {
		gone  []string
		saved []image.Manifest
		want  plan.Verdict
		text  string
		steps string
	}{
		"everything is there": {nil, []image.Manifest{a, b}, plan.Possible, "", ""},
		"one layer is gone": {
			[]string{"own"}, []image.Manifest{a, b}, plan.Partial, "no longer has its blob " + digest("own").Short(), "put b, put a, retag v1, retag v2",
		},
		"a shared layer is gone": {
			[]string{"base"}, []image.Manifest{a, b}, plan.Partial, "no longer has its blob", "put b, put a, retag v1, retag v2",
		},
		"a manifest was not saved": {nil, []image.Manifest{b}, plan.Partial, "was not saved", "put b, retag v2"},
		"nothing was saved":        {nil, nil, plan.Gone, "was not saved", "-"},
	} {
		seen := plan.Presence{}
		for _, d := range []string{"a", "b", "base", "own"} {
			seen[here(digest(d))] = !slices.Contains(c.gone, d)
		}
		ran := deleted(t, v, c.saved, a, b)
		ran.Sources = plan.Sources{digest("base"): "", digest("own"): ""}
		u := plan.Inverse(ran, seen, v.Can, options())
		if u.Verdict != c.want || len(u.Asks) > 0 {
			t.Errorf("%s: verdict is %s, asks %v", name, u.Verdict, u.Asks)
		}
		if c.text != "" {
			wantText(t, u.Plan.Lost[0].Reason, c.text)
			if len(u.Plan.Lost[0].Tags) != 1 {
				t.Errorf("%s: lost is %v, want its tag named", name, u.Plan.Lost)
			}
		}
		if c.steps != "" && brief(u.Plan, tags{"a": a, "b": b}) != strings.Trim(c.steps, "-") {
			t.Errorf("%s: steps are %s", name, brief(u.Plan, tags{"a": a, "b": b}))
		}
	}
}

// What is not whole any more is tried, and is lost whatever the registry says: the index waits for its child, and does not need
// it, as the registry may take the one and refuse the other.
func TestUndoTriesAnIndexWhoseChildIsNotWhole(t *testing.T) {
	t.Parallel()
	amd := img(t, "amd")
	multi := index(t, amd)
	v := view(tags{"v1": multi}, amd)
	u := plan.Inverse(deleted(t, v, []image.Manifest{amd, multi}, multi), plan.Presence{here(digest("amd")): false}, v.Can, options())
	if u.Verdict != plan.Partial || len(u.Plan.Lost) != 2 || !u.Plan.Loses() {
		t.Errorf("verdict %s, lost %v", u.Verdict, u.Plan.Lost)
	}
	wantSteps(t, u.Plan, nil, tags{"amd": amd, "multi": multi}, "put amd, put multi, retag v1")
	if s := u.Plan.Steps[1]; !s.Anyway() || len(s.After) != 1 || u.Plan.Steps[2].Anyway() {
		t.Errorf("the index is put by %+v", s)
	}
}

// What only lost its tag may have vanished since: then its manifest comes back
// too, and only then.
func TestUndoOfAnUntagBringsBackAVanishedManifest(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"v1": a})
	p, err := plan.ToUntag(v, []string{"v1"}, options())
	if err != nil {
		t.Fatal(err)
	}
	ran := plan.Ran{Plan: p, Outcomes: []plan.Outcome{plan.Done}, Saved: map[ref.Digest]plan.Manifest{
		a.Digest: {MediaType: a.MediaType, Raw: a.Raw},
	}}
	u := plan.Inverse(ran, nil, v.Can, options())
	wantSteps(t, u.Plan, nil, nil, "retag v1")
	if len(u.Asks) != 2 || u.Asks[0] != (plan.Ask{Place: here(a.Digest)}) || !u.Asks[1].Blob {
		t.Errorf("asks for %v", u.Asks)
	}
	u = plan.Inverse(ran, plan.Presence{here(a.Digest): false}, v.Can, options())
	wantSteps(t, u.Plan, nil, tags{"a": a}, "put a, retag v1")
	if u.Verdict != plan.Possible || len(u.Asks) != 1 || !u.Asks[0].Blob {
		t.Errorf("verdict %s, asks %v", u.Verdict, u.Asks)
	}
}

func TestUndoLeavesAloneWhatTheRunDidNot(t *testing.T) {
	t.Parallel()
	a, b := img(t, "a"), img(t, "b")
	v := view(tags{"v1": a, "v2": b})
	ran := deleted(t, v, []image.Manifest{a, b}, a, b)
	for _, o := range []plan.Outcome{plan.Pending, plan.Failed, plan.Skipped, plan.Unchanged} {
		ran.Outcomes = []plan.Outcome{plan.Running, o}
		u := plan.Inverse(ran, nil, v.Can, options())
		wantSteps(t, u.Plan, nil, tags{"a": a, "b": b}, "put a, retag v1")
	}
	ran.Outcomes = nil
	if u := plan.Inverse(ran, nil, v.Can, options()); !u.Plan.Empty() || u.Verdict != plan.Possible || u.Plan.Typed() {
		t.Errorf("undo of nothing is %+v", u)
	}
}

// A put in doubt may have found its manifest there: undoing it must not delete
// that.
func TestUndoOfAnUndoThatWasKilled(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"v1": a})
	u := plan.Inverse(deleted(t, v, []image.Manifest{a}, a), nil, v.Can, options())
	ran := plan.Ran{Plan: u.Plan, Outcomes: []plan.Outcome{plan.Running, plan.Pending}}
	if again := plan.Inverse(ran, nil, v.Can, options()); !again.Plan.Empty() {
		t.Errorf("steps are %s", brief(again.Plan, tags{"a": a}))
	}
	ran.Outcomes = []plan.Outcome{plan.Done, plan.Done}
	again := plan.Inverse(ran, nil, v.Can, options())
	wantSteps(t, again.Plan, nil, tags{"a": a}, "delete a +v1")
	v = noDelete(v)
	if again = plan.Inverse(ran, nil, v.Can, options()); again.Verdict != plan.Gone {
		t.Errorf("verdict is %s where nothing can be deleted", again.Verdict)
	}
}

func TestADamagedJournalPutsNothing(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"v1": a})
	ran := deleted(t, v, nil, a)
	ran.Saved[a.Digest] = plan.Manifest{MediaType: a.MediaType, Raw: []byte("{}")}
	u := plan.Inverse(ran, nil, v.Can, options())
	if u.Verdict != plan.Gone {
		t.Errorf("verdict is %s", u.Verdict)
	}
	wantText(t, u.Plan.Lost[0].Reason, "damaged")
}

// To undo what put an image there is to delete it, and is confirmed as that is.
func TestAnUndoThatDeletesIsTyped(t *testing.T) {
	t.Parallel()
	one := img(t, "one")
	for _, v := range []plan.View{view(tags{"v1": one}), likeECR(view(tags{"v1": one})), noTagDelete(view(tags{"v1": one}))} {
		back := plan.Ran{
			Plan: plan.Plan{Registry: v.Registry, Repository: v.Repository, Steps: []plan.Step{
				{
					Kind: plan.Put, Digest: one.Digest, Manifest: &plan.Manifest{MediaType: one.MediaType, Raw: one.Raw},
					Reference: ref.Reference{Host: v.Registry, Repository: v.Repository, Digest: one.Digest},
				},
				{
					Kind: plan.Retag, Digest: one.Digest, Expect: plan.Expect{Tag: "v1"}, After: []int{0},
					Reference: ref.Reference{Host: v.Registry, Repository: v.Repository, Tag: "v1"},
				},
			}},
			Outcomes: []plan.Outcome{plan.Done, plan.Done},
		}
		u := plan.Inverse(back, nil, v.Can, options())
		typed := slices.ContainsFunc(u.Plan.Risks, func(r plan.Risk) bool {
			return r.Kind == plan.LastTag && r.Typed && strings.Contains(r.Reason, "v1")
		})
		if !typed || !u.Plan.Typed() || len(u.Plan.Removes()) != 1 {
			t.Errorf("it removes %v at the risk of %+v", u.Plan.Removes(), u.Plan.Risks)
		}
	}
}

// A tag stays where it is if what it pointed to before cannot be pulled any more; one that
// is gone goes back.
func TestUndoMovesNoTagToWhatCannotBePulled(t *testing.T) {
	t.Parallel()
	a, b := img(t, "a"), img(t, "b")
	v := view(tags{"v1": a, "v2": b})
	move := plan.Move{From: tagged("shop/api", "v2"), To: tagged("shop/api", "v1")}
	p, err := plan.ToRetag([]plan.View{v}, []plan.Move{move}, options())
	if err != nil {
		t.Fatal(err)
	}
	ran := plan.Ran{Plan: p, Outcomes: []plan.Outcome{plan.Done}, Saved: map[ref.Digest]plan.Manifest{
		a.Digest: {MediaType: a.MediaType, Raw: a.Raw},
	}}
	ran.Sources = plan.Sources{digest("a"): ""}
	u := plan.Inverse(ran, lacking("a"), v.Can, options())
	if u.Verdict != plan.Gone || len(u.Plan.Lost) != 1 || !u.Plan.Loses() {
		t.Errorf("verdict %s, %+v, lost %+v", u.Verdict, u.Plan.Steps, u.Plan.Lost)
	}
	wantText(t, u.Plan.Lost[0].Reason, "a tag that has left it stays where it is")

	ran = deleted(t, v, []image.Manifest{a}, a)
	ran.Sources = plan.Sources{digest("a"): ""}
	u = plan.Inverse(ran, lacking("a"), v.Can, options())
	wantSteps(t, u.Plan, nil, tags{"a": a}, "put a, retag v1")
	if !u.Plan.Loses() {
		t.Errorf("lost %+v", u.Plan.Lost)
	}

	ran.Plan.Lost = []plan.Lost{{Digest: a.Digest, Maybe: true}} // it lacked that before
	if u = plan.Inverse(ran, lacking("a"), v.Can, options()); u.Plan.Loses() || len(u.Plan.Lost) != 1 {
		t.Errorf("as it was before: lost %+v", u.Plan.Lost)
	}
}

// What an index lists and has lost since the run was planned is lost with it; what it
// lacked before is not.
func TestUndoMovesNoTagToAnIndexThatHasLostAChild(t *testing.T) {
	t.Parallel()
	amd, b := img(t, "amd"), img(t, "b")
	multi := index(t, amd)
	v := view(tags{"v1": multi, "v2": b}, amd)
	p, err := plan.ToRetag([]plan.View{v}, []plan.Move{{From: tagged("shop/api", "v2"), To: tagged("shop/api", "v1")}}, options())
	if err != nil {
		t.Fatal(err)
	}
	ran := plan.Ran{Plan: p, Outcomes: []plan.Outcome{plan.Done}, Saved: map[ref.Digest]plan.Manifest{
		multi.Digest: {MediaType: multi.MediaType, Raw: multi.Raw},
	}}
	lacks := plan.Presence{here(amd.Digest): false, here(multi.Digest): true}
	if u := plan.Inverse(ran, lacks, v.Can, options()); u.Verdict != plan.Gone || !u.Plan.Loses() {
		t.Errorf("verdict %s, %+v, lost %+v", u.Verdict, u.Plan.Steps, u.Plan.Lost)
	}
	ran.Plan.Lost = []plan.Lost{{Digest: multi.Digest, Maybe: true}}
	if u := plan.Inverse(ran, lacks, v.Can, options()); len(u.Plan.Steps) != 1 || u.Plan.Loses() {
		t.Errorf("as it was: verdict %s, %+v, lost %+v", u.Verdict, u.Plan.Steps, u.Plan.Lost)
	}
}
