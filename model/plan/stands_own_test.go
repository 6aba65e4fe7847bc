package plan_test

import (
	"testing"

	"regatta/model/plan"
	"regatta/model/ref"
)

// What a plan changes itself is no reason to leave a later step out: a service is deployed
// with the tag where an earlier step has set it.
func TestAPlanStandsOnItsOwnSteps(t *testing.T) {
	t.Parallel()
	bad, good := ref.DigestOf([]byte("bad")), ref.DigestOf([]byte("good"))
	prod := tagged("shop/api", "prod")
	p := plan.Plan{Registry: prod.Host, Repository: prod.Repository, Steps: []plan.Step{
		{Kind: plan.Retag, Reference: prod, Digest: good, Expect: plan.Expect{Tag: "prod", Digest: bad}},
		{Kind: plan.Deploy, Reference: prod, Digest: good, Expect: plan.Expect{Tag: "prod", Digest: good}, After: []int{0}},
	}}
	now := plan.Tags{}
	now.Now(prod.Repository, "prod", bad)
	if why := plan.Stands(p, now); len(why) > 0 {
		t.Errorf("left out are %v", why)
	}
	now.Now(prod.Repository, "prod", ref.DigestOf([]byte("another")))
	if why := plan.Stands(p, now); len(why) != 1 || why[0] == "" {
		t.Errorf("the tag has moved, and left out are %v", why)
	}
}
