package plan_test

import (
	"slices"
	"strings"
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

// Where a registry removes no tag alone, what an undo leaves of a delete is done by a
// dummy; where that is not known, the plan says so, and what was refused before.
func TestAStandingUndoRemovesTagsAsTheRegistryCan(t *testing.T) {
	t.Parallel()
	del := plan.Step{
		Kind: plan.Delete, Reference: ref.Reference{Host: "registry.example", Repository: "shop/api", Digest: digest("a")},
		Digest: digest("a"), Tags: []string{"new"}, Expect: plan.Expect{Tag: "new", Digest: digest("a")},
	}
	u := plan.Undo{Plan: plan.Plan{Registry: "registry.example", Repository: "shop/api", Steps: []plan.Step{del}}, Verdict: plan.Possible}
	now := plan.Tags{}
	now.Now("shop/api", "new", digest("a"))
	for name, c := range map[string]struct {
		can  plan.Capabilities
		kind plan.Kind
		lost []string
		said string
	}{
		"it does":   {can: plan.Capabilities{TagDelete: plan.Yes, ManifestDelete: plan.Yes}, kind: plan.Untag},
		"by dummy":  {can: plan.Capabilities{TagDelete: plan.No, ManifestDelete: plan.Yes}, kind: plan.UntagByDummy, said: "an empty manifest"},
		"no way":    {can: plan.Capabilities{TagDelete: plan.No, ManifestDelete: plan.No}, lost: []string{"new"}},
		"not known": {kind: plan.Untag, said: "it is not known whether registry.example deletes a tag alone"},
	} {
		got := u.Standing(map[int]string{0: "somebody holds it"}, now, c.can)
		var kinds []plan.Kind
		for _, s := range got.Plan.Steps {
			kinds = append(kinds, s.Kind)
		}
		if c.kind != "" != slices.Equal(kinds, []plan.Kind{c.kind}) || !slices.Equal(got.Plan.Lost[0].Tags, c.lost) {
			t.Errorf("%s: steps %v, lost %+v", name, kinds, got.Plan.Lost)
		}
		if notes := strings.Join(got.Plan.Notes, "; "); !strings.Contains(notes, c.said) || c.said == "" && notes != "" {
			t.Errorf("%s: notes are %q", name, notes)
		}
	}
}
