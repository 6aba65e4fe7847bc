package plan_test

import (
	"errors"
	"testing"

	"regatta/model/fault"
	"regatta/model/plan"
)

func TestRollbackKeepsWhatItLeaves(t *testing.T) {
	t.Parallel()
	bad, good := img(t, "bad"), img(t, "good")
	v := view(tags{"prod": bad, "v1": good})
	p, err := plan.ToRollback([]plan.View{v}, []plan.Back{
		{Tag: tagged("shop/api", "prod"), To: good.Digest, Keep: "rollback-from-x"},
	}, options())
	wantSteps(t, p, err, nil, "retag rollback-from-x, retag prod")
	keep, back := p.Steps[0], p.Steps[1]
	if keep.Digest != bad.Digest || keep.Expect != (plan.Expect{Tag: "rollback-from-x"}) || len(keep.After) != 0 {
		t.Errorf("what is left behind is kept by %+v", keep)
	}
	if back.Digest != good.Digest || back.Expect.Digest != bad.Digest || len(back.After) != 1 || back.After[0] != 0 {
		t.Errorf("the tag goes back by %+v", back)
	}
	wantText(t, kept(p, bad), "it keeps the tag rollback-from-x")
	if want := "moves from " + bad.Digest.Short() + " (prod)"; back.Reason != want {
		t.Errorf("the tag goes back, as it %q, not %q", back.Reason, want)
	}
	v.Graph.Partial("only the tag that goes back was looked at")
	p, err = plan.ToRollback([]plan.View{v}, []plan.Back{
		{Tag: tagged("shop/api", "prod"), To: good.Digest, Keep: "rollback-from-y"},
	}, options())
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, p.Steps[1].Reason, "(prod and rollback-from-x; it may have more tags)")
	wantText(t, kept(p, bad), "and may have more")
	for _, r := range p.Risks {
		if r.Kind == plan.LastTag {
			t.Errorf("careful without need: %s", r.Reason)
		}
	}
}

func TestRollbackOfSeveralTags(t *testing.T) {
	t.Parallel()
	bad, good := img(t, "bad"), img(t, "good")
	v := view(tags{"prod": bad, "live": bad, "v1": good, "there": good})
	p, err := plan.ToRollback([]plan.View{v}, []plan.Back{
		{Tag: tagged("shop/api", "prod"), To: good.Digest, Keep: "k"},
		{Tag: tagged("shop/api", "live"), To: good.Digest},
		{Tag: tagged("shop/api", "there"), To: good.Digest, Keep: "k"},
	}, options())
	wantSteps(t, p, err, nil, "retag k, retag prod, retag live")
	if len(p.Steps[1].After) != 1 || len(p.Steps[2].After) != 0 {
		t.Errorf("%v, %v", p.Steps[1].After, p.Steps[2].After)
	}
}

// Two rollbacks of one second want the same keep tag: the second one takes
// another, in a plan of its own and in the same; one image needs one only.
func TestRollbackKeepsUnderAnotherTag(t *testing.T) {
	t.Parallel()
	bad, worse, good := img(t, "bad"), img(t, "worse"), img(t, "good")
	v := view(tags{"prod": bad, "live": worse, "edge": worse, "v1": good, "k": good})
	p, err := plan.ToRollback([]plan.View{v}, []plan.Back{
		{Tag: tagged("shop/api", "prod"), To: good.Digest, Keep: "k"},
		{Tag: tagged("shop/api", "live"), To: good.Digest, Keep: "k"},
		{Tag: tagged("shop/api", "edge"), To: good.Digest, Keep: "k"},
	}, options())
	wantSteps(t, p, err, nil, "retag k-2, retag prod, retag k-3, retag live, retag edge")
	for i, before := range map[int]int{1: 0, 3: 2, 4: 2} {
		if got := p.Steps[i].After; len(got) != 1 || got[0] != before {
			t.Errorf("%s waits for %v, want %d", p.Steps[i].Reference.Tag, got, before)
		}
	}
}

// Two tags that were swapped are swapped back in one plan: each expects what is
// there before, and both images keep a tag of their own.
func TestRollbackOfSwappedTags(t *testing.T) {
	t.Parallel()
	a, b := img(t, "a"), img(t, "b")
	v := view(tags{"prod": b, "staging": a})
	p, err := plan.ToRollback([]plan.View{v}, []plan.Back{
		{Tag: tagged("shop/api", "prod"), To: a.Digest, Keep: "k"},
		{Tag: tagged("shop/api", "staging"), To: b.Digest, Keep: "k"},
	}, options())
	wantSteps(t, p, err, nil, "retag k, retag prod, retag k-2, retag staging")
	if p.Steps[1].Expect.Digest != b.Digest || p.Steps[3].Expect.Digest != a.Digest || p.Steps[0].Digest != b.Digest ||
		p.Steps[2].Digest != a.Digest {
		t.Errorf("%+v", p.Steps)
	}
}

func TestRollbackRefuses(t *testing.T) {
	t.Parallel()
	bad, good := img(t, "bad"), img(t, "good")
	for name, x := range map[string]struct {
		back plan.Back
		why  plan.Why
		kind fault.Kind
	}{
		"no tag": {plan.Back{Tag: tagged("shop/api", "none"), To: good.Digest}, plan.UnknownTag, fault.NotFound},
		"another repository": {
			plan.Back{Tag: tagged("shop/web", "prod"), To: good.Digest}, plan.OtherRegistry, fault.Invalid,
		},
	} {
		v := view(tags{"prod": bad, "old": good})
		_, err := plan.ToRollback([]plan.View{v}, []plan.Back{x.back}, options())
		var refused *plan.RefusedError
		if !errors.As(err, &refused) || refused.Why != x.why || refused.Kind != x.kind {
			t.Errorf("%s: %v", name, err)
		}
	}
}
