package plan_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
)

// The tests in this file are named after what users of other tools lost; the
// numbers are those of their reports.

func refusal(t *testing.T, err error, why plan.Why, kind fault.Kind) string {
	t.Helper()
	var e *plan.RefusedError
	if !errors.As(err, &e) || e.Why != why || fault.KindOf(err) != kind {
		t.Fatalf("error is %v (%v), want %s (%v)", err, fault.KindOf(err), why, kind)
	}
	return e.Error()
}

// genuinetools/reg#203, docker-registry-ui#332: removing latest removed the
// sibling tags.
func TestRemovingOneTagLeavesItsSiblings(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"latest": a, "v1": a, "v1.0": a})
	for name, x := range map[string]struct {
		v    plan.View
		want string
	}{
		"by the tag API":       {v, "untag latest"},
		"where there is none":  {noTagDelete(v), "untag-by-dummy latest"},
		"a last tag elsewhere": {likeECR(v), "untag latest"},
	} {
		p, err := plan.ToUntag(x.v, []string{"latest"}, options())
		wantSteps(t, p, err, nil, x.want)
		if kept(p, a) != "it keeps the tags v1 and v1.0" || p.ReclaimedBytes != 0 {
			t.Errorf("%s: kept %q, %d bytes", name, kept(p, a), p.ReclaimedBytes)
		}
	}
}

// skopeo#795: a delete by tag removes every tag of the digest without a word.
func TestDeletingByTagIsRefusedUnlessAllTagsMayGo(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"v1": a, "v2": a})
	_, err := plan.ToDelete(v, plan.Selection{Tags: []string{"v1"}}, options())
	e := refusal(t, err, plan.TakesTags, fault.Invalid)
	wantText(t, e, "with the tags v1 and v2")
	p, err := plan.ToDelete(v, plan.Selection{Tags: []string{"v1"}, WithTags: true}, options())
	wantSteps(t, p, err, tags{"a": a}, "delete a +v1+v2")
	wantText(t, p.Steps[0].Reason, "the tags v1 and v2 go along")
	if !p.Typed() {
		t.Error("a delete that takes tags along is confirmed by a plain yes")
	}
}

// skopeo#1981: renaming a tag by copy and delete lost both.
func TestRenamingATagKeepsItsDigest(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"old": a})
	p, err := plan.ToRetag([]plan.View{v}, []plan.Move{{From: tagged("shop/api", "old"), To: tagged("shop/api", "new")}}, options())
	wantSteps(t, p, err, nil, "retag new")
	if s := p.Steps[0]; s.Digest != a.Digest || s.Expect != (plan.Expect{Tag: "new"}) || s.Reason != "the tag is new" {
		t.Errorf("step is %+v", s)
	}
	v.Graph.Tag("new", a.Digest)
	p, err = plan.ToUntag(v, []string{"old"}, options())
	wantSteps(t, p, err, nil, "untag old")
}

// distribution#1859: warn where a delete affects more than one tag.
func TestEveryTagThatGoesIsNamed(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"v1": a, "v2": a, "v3": a, "v4": a, "v5": a})
	p, err := plan.ToDelete(v, deletes(a), options())
	wantSteps(t, p, err, tags{"a": a}, "delete a +v1+v2+v3+v4+v5")
	if n := len(p.Steps[0].Expects()); n != 5 {
		t.Errorf("%d tags are read again, want all", n)
	}
	v.Can.TaggedDelete = plan.No
	p, err = plan.ToDelete(v, deletes(a), options())
	wantSteps(t, p, err, tags{"a": a}, "untag v1, untag v2, untag v3, untag v4, untag v5, delete a")
	if len(p.Steps[5].After) != 5 {
		t.Errorf("the delete waits for %v, want all tags", p.Steps[5].After)
	}
}

// regclient#819: the fallback left its dummy behind where deletes are refused.
func TestNoDummyIsPushedWhereItCannotBeDeleted(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"v1": a, "v2": a})
	for _, spoil := range map[string]func(*plan.Capabilities){
		"nothing can be deleted": func(c *plan.Capabilities) { c.ManifestDelete = plan.No },
		"nobody knows":           func(c *plan.Capabilities) { c.ManifestDelete = plan.Unknown },
		"tags come first":        func(c *plan.Capabilities) { c.TaggedDelete = plan.No },
	} {
		spoilt := noTagDelete(v)
		spoil(&spoilt.Can)
		_, err := plan.ToUntag(spoilt, []string{"v1"}, options())
		e := refusal(t, err, plan.NoUntag, fault.Unsupported)
		wantText(t, e, "deletes no tag alone")
	}
	immutable := noTagDelete(v)
	immutable.Can.Mutability.Immutable = true
	_, err := plan.ToUntag(immutable, []string{"v1"}, options())
	refusal(t, err, plan.NoUntag, fault.Immutable)
}

// ECR deletes an image with its last tag (BatchDeleteImage).
func TestUntaggingTheLastTagKeepsTheImage(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := likeECR(view(tags{"v1": a, "v2": a}))
	p, err := plan.ToUntag(v, []string{"v1", "v2"}, options())
	wantSteps(t, p, err, nil, "untag-by-dummy v1, untag-by-dummy v2")
	wantText(t, kept(p, a), "becomes untagged")
	if !p.Typed() || p.Risks[0].Kind != plan.LastTag {
		t.Errorf("risks are %v", p.Risks)
	}
	v.Can.ManifestDelete = plan.No
	_, err = plan.ToUntag(v, []string{"v1", "v2"}, options())
	wantText(t, refusal(t, err, plan.NoUntag, fault.Unsupported), "deletes an image with its last tag")
}

// acr-cli#131, snok#97, gcr-cleaner#130: children of tagged indexes were
// deleted, before or without their parents.
func TestAChildOfAKeptIndexIsRefused(t *testing.T) {
	t.Parallel()
	amd, arm := img(t, "amd"), img(t, "arm")
	multi := index(t, amd, arm)
	v := view(tags{"v1": multi}, amd, arm)
	_, err := plan.ToDelete(v, deletes(amd), options())
	e := refusal(t, err, plan.BreaksIndex, fault.Invalid)
	wantText(t, e, "listed by the index "+multi.Digest.Short()+" (v1)")
	p, err := plan.ToDelete(v, deletes(amd, arm, multi), options())
	if err != nil || p.Steps[0].Digest != multi.Digest || len(p.Steps[1].After) != 1 || len(p.Steps[2].After) != 1 {
		t.Errorf("the index does not go before its children: %v %+v", err, p.Steps)
	}
}

// labelle-web#33, docker-registry-ui#226: deleting only the index leaks its
// children.
func TestChildrenThatNothingElseReferencesGoAfterTheirIndex(t *testing.T) {
	t.Parallel()
	amd, arm, shared := img(t, "amd"), img(t, "arm"), img(t, "shared")
	multi, other := index(t, amd, arm, shared), index(t, shared)
	v := view(tags{"v1": multi, "v2": other, "arm": arm}, amd, shared)
	names := tags{"multi": multi, "amd": amd}
	p, err := plan.ToDelete(v, deletes(multi), options())
	wantSteps(t, p, err, names, "delete multi +v1, delete amd")
	if !p.Steps[1].Collateral || p.Steps[0].Collateral {
		t.Error("what was not asked for is not marked")
	}
	wantText(t, p.Steps[1].Reason, "child of "+multi.Digest.Short()+" (v1)")
	wantText(t, kept(p, shared), "the index "+other.Digest.Short()+" (v2) lists it too")
	wantText(t, kept(p, arm), "it has the tag arm")
}

// cosign#507, ublue-custom#33: signatures were left behind or lost.
func TestSignaturesGoWithTheirImageAndNeverWithoutIt(t *testing.T) {
	t.Parallel()
	a, b, cosign, other := img(t, "a"), img(t, "b"), img(t, "cosign"), img(t, "other")
	notation := referrer(t, "notation", a)
	fallback := index(t, notation)
	v := view(tags{
		"v1": a, "v2": b, beside(a, ".sig"): cosign, beside(b, ".sig"): other, beside(a, ""): fallback,
	}, notation)
	names := tags{"a": a, "cosign": cosign, "notation": notation, "fallback": fallback}
	p, err := plan.ToDelete(v, deletes(a), options())
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, s := range p.Steps {
		at[nameOf(s.Digest, names)] = i
	}
	if len(p.Steps) != 4 || at["a"] != 0 || at["notation"] < at["fallback"] {
		t.Errorf("steps are %s", brief(p, names))
	}
	for _, s := range p.Steps[1:] {
		if len(s.After) == 0 {
			t.Errorf("%s does not wait for its subject", nameOf(s.Digest, names))
		}
	}
}

// Some signatures are an index whose child is the image: that index goes first,
// whatever else would be the order.
func TestASignatureThatListsItsImageGoesBeforeIt(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	sig := index(t, a)
	v := view(tags{"v1": a, beside(a, ".sig"): sig})
	p, err := plan.ToDelete(v, deletes(a), options())
	wantSteps(t, p, err, tags{"a": a, "sig": sig}, "delete sig +"+beside(a, ".sig")+", delete a +v1")
}

// A fallback index that two images share loses a tag, and stays.
func TestASharedFallbackIndexStays(t *testing.T) {
	t.Parallel()
	a, b, list := img(t, "a"), img(t, "b"), index(t)
	v := view(tags{"v1": a, "v2": b, beside(a, ""): list, beside(b, ""): list})
	p, err := plan.ToDelete(v, deletes(a), options())
	wantSteps(t, p, err, tags{"a": a}, "delete a +v1, untag "+beside(a, ""))
	wantText(t, kept(p, list), "it has the tag "+beside(b, ""))
	v = noTagDelete(v)
	v.Can.Mutability.Immutable = true
	p, err = plan.ToDelete(v, deletes(a), options())
	wantSteps(t, p, err, tags{"a": a}, "delete a +v1")
	wantText(t, kept(p, list), "its tag "+beside(a, "")+" stays too, as registry.example deletes no tag alone")
}

// harbor#15332, acr-cli#107: a preview that says something else than happens.
func TestWhatCannotBeReadIsSaid(t *testing.T) {
	t.Parallel()
	amd := img(t, "amd")
	multi := index(t, amd)
	v := view(tags{"v1": multi}, amd)
	v.Graph.MissingTag("v2", "timed out")
	p, err := plan.ToDelete(v, deletes(multi), options())
	wantSteps(t, p, err, tags{"multi": multi}, "delete multi +v1")
	wantText(t, kept(p, amd), "may reference it")
	last := p.Risks[len(p.Risks)-1]
	if !p.Estimated || last.Kind != plan.Incomplete || !last.Typed {
		t.Errorf("estimated %v, risk %v", p.Estimated, last)
	}
	wantText(t, last.Reason, "v2: timed out")
	_, err = plan.ToUntag(v, []string{"v2"}, options())
	refusal(t, err, plan.UnreadTag, fault.Unavailable)
}

// harbor#5009, docker/cli#1751: sums of image sizes are not what comes back.
func TestSharedLayersComeBackOnce(t *testing.T) {
	t.Parallel()
	a, b, c := img(t, "a", "base", "own a"), img(t, "b", "base", "own b"), img(t, "c", "base")
	v := view(tags{"v1": a, "v2": b, "v3": c})
	raw := int64(len(a.Raw) + len(b.Raw))
	p, err := plan.ToDelete(v, deletes(a, b), options())
	if err != nil || p.ReclaimedBytes != raw+2*110 || p.Estimated {
		t.Errorf("%d bytes come back, %v, want %d", p.ReclaimedBytes, err, raw+2*110)
	}
	p, err = plan.ToDelete(v, deletes(a, b, c), options())
	if want := raw + int64(len(c.Raw)) + 3*10 + 3*100; err != nil || p.ReclaimedBytes != want {
		t.Errorf("%d bytes come back, %v, want %d", p.ReclaimedBytes, err, want)
	}
}

func TestWhereNothingCanBeDeletedThereIsNoPlan(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := noDelete(view(tags{"v1": a}))
	_, err := plan.ToDelete(v, deletes(a), options())
	refusal(t, err, plan.NoDelete, fault.Unsupported)
	_, err = plan.ToUntag(v, []string{"v1"}, options())
	refusal(t, err, plan.NoUntag, fault.Unsupported)
	v.Can.ManifestDelete, v.Can.TaggedDelete = plan.Yes, plan.No
	_, err = plan.ToDelete(v, deletes(a), options())
	refusal(t, err, plan.NoDelete, fault.Unsupported)
}

func TestUntaggingASignatureSaysWhatItIs(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"v1": a, beside(a, ".sig"): img(t, "cosign")})
	p, err := plan.ToUntag(v, []string{beside(a, ".sig")}, options())
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, p.Steps[0].Reason, "the tag marks the signature of "+a.Digest.Short())
}

func TestUnknownAndInvalidNamesAreRefused(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"v1": a})
	_, err := plan.ToDelete(v, deletes(img(t, "b")), options())
	refusal(t, err, plan.UnknownDigest, fault.NotFound)
	_, err = plan.ToDelete(v, plan.Selection{}, options())
	refusal(t, err, plan.NothingSelected, fault.Invalid)
	_, err = plan.ToUntag(v, []string{"v2"}, options())
	refusal(t, err, plan.UnknownTag, fault.NotFound)
	_, err = plan.ToUntag(v, []string{"v 2"}, options())
	refusal(t, err, plan.InvalidTag, fault.Invalid)
	_, err = plan.ToUntag(v, nil, options())
	refusal(t, err, plan.NothingSelected, fault.Invalid)
}

func TestWhatCannotBePutBackIsNamed(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	a.Raw = nil
	p, err := plan.ToDelete(view(tags{"v1": a}), deletes(a), options())
	if err != nil || len(p.Lost) != 1 || p.Lost[0].Tags[0] != "v1" {
		t.Fatalf("lost is %v, %v", p.Lost, err)
	}
	wantText(t, p.Lost[0].Reason, "the bytes of its manifest are not known")
	old := img(t, "old")
	old.Kind = image.KindSchema1
	p, err = plan.ToDelete(view(tags{"v1": old}), deletes(old), options())
	if err != nil || len(p.Lost) != 1 {
		t.Fatalf("lost is %v, %v", p.Lost, err)
	}
	wantText(t, p.Lost[0].Reason, "schema 1")
}

func TestNotesSayWhatIsNotKnownOfTheRegistry(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"v1": a, "v2": a})
	v.Can = plan.Capabilities{}
	p, err := plan.ToDelete(v, deletes(a), options())
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, strings.Join(p.Notes, "\n"), "not known whether registry.example deletes manifests")
	wantText(t, strings.Join(p.Notes, "\n"), "images without tags are not listed here")
	p, err = plan.ToUntag(v, []string{"v1"}, options())
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, strings.Join(p.Notes, "\n"), "not known whether registry.example deletes a tag alone")
}

func TestWhatWasRefusedBeforeIsTheFirstRisk(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"v1": a, "prod": a})
	was := plan.Refusal{At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), Status: 405}
	v.Can = plan.Capabilities{TagRefused: was, ManifestRefused: was}
	deleted, err := plan.ToDelete(v, deletes(a), options())
	if err != nil {
		t.Fatal(err)
	}
	untagged, err := plan.ToUntag(v, []string{"v1"}, options())
	if err != nil {
		t.Fatal(err)
	}
	for what, p := range map[string]plan.Plan{"manifests": deleted, "tags": untagged} {
		want := "registry.example refused to delete " + what + " of " + v.Repository + " on 2026-11-20 (405); it is tried again"
		if len(p.Risks) == 0 || p.Risks[0].Kind != plan.RefusedBefore || p.Risks[0].Reason != want {
			t.Errorf("risks are %v, want first %s", p.Risks, want)
		}
		if notes := strings.Join(p.Notes, "\n"); strings.Contains(notes, "not known whether") {
			t.Errorf("notes are %s", notes)
		}
	}
	v.Can.ManifestDelete = plan.No
	if _, err := plan.ToDelete(v, deletes(a), options()); err == nil {
		t.Error("what is refused now is planned")
	}
}
