package plan_test

import (
	"testing"

	"regatta/model/plan"
	"regatta/model/ref"
)

// A policy that was kept comes back as it was; one that was altered since is lost, and
// is not put back.
func TestUndoPutsBackOnlyThePolicyThatWasKept(t *testing.T) {
	t.Parallel()
	const was, now = `{"rules":[]}`, `{"rules":[{"rulePriority":1}]}`
	kept := ref.DigestOf([]byte(was))
	p, err := plan.ToSetPolicy(ref.Reference{Host: "registry.example", Repository: "shop/api"}, was, now, options())
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		saved map[ref.Digest]plan.Manifest
		whole bool
	}{
		"kept":      {map[ref.Digest]plan.Manifest{kept: {Raw: []byte(was)}}, true},
		"altered":   {map[ref.Digest]plan.Manifest{kept: {Raw: []byte(`{"rules":[{}]}`)}}, false},
		"not saved": {nil, false},
	} {
		u := plan.Inverse(plan.Ran{Plan: p, Outcomes: []plan.Outcome{plan.Done}, Saved: x.saved}, nil, view(nil).Can, options())
		switch {
		case x.whole && (len(u.Plan.Steps) != 1 || string(u.Plan.Steps[0].Manifest.Raw) != was || u.Verdict != plan.Possible):
			t.Errorf("%s: %s, steps %+v", name, u.Verdict, u.Plan.Steps)
		case !x.whole && (len(u.Plan.Steps) != 0 || len(u.Plan.Lost) != 1 || u.Plan.Lost[0].Digest != kept || u.Verdict != plan.Gone):
			t.Errorf("%s: %s, steps %+v, lost %+v", name, u.Verdict, u.Plan.Steps, u.Plan.Lost)
		}
	}
}
