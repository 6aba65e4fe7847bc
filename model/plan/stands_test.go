package plan_test

import (
	"strings"
	"testing"

	"regatta/model/graph"
	"regatta/model/plan"
	"regatta/model/ref"
)

// What a run would skip is said before: by where the tags are now, step by step, with
// what waits for it.
func TestWhatStandsNow(t *testing.T) {
	t.Parallel()
	a, b, c := ref.DigestOf([]byte("a")), ref.DigestOf([]byte("b")), ref.DigestOf([]byte("c"))
	tag := ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: "new"}
	untag := plan.Step{Kind: plan.Untag, Reference: tag, Digest: a, Expect: plan.Expect{Tag: "new", Digest: a}}
	retag := plan.Step{Kind: plan.Retag, Reference: tag, Digest: b, Expect: plan.Expect{Tag: "new", Digest: a}}
	fresh := plan.Step{Kind: plan.Retag, Reference: tag, Digest: b, Expect: plan.Expect{Tag: "new"}}
	for name, x := range map[string]struct {
		step plan.Step
		now  ref.Digest
		said string // "": it is done, or there is nothing to do
	}{
		"untag":           {untag, a, ""},
		"untag, gone":     {untag, "", ""},
		"untag, moved":    {untag, c, "the tag new points to " + c.Short() + " now, not to " + a.Short()},
		"retag":           {retag, a, ""},
		"retag, done":     {retag, b, ""},
		"retag, gone":     {retag, "", "the tag new is gone"},
		"retag, moved":    {retag, c, "the tag new points to " + c.Short() + " now, not to " + a.Short()},
		"new tag":         {fresh, "", ""},
		"new tag, there":  {fresh, c, "the tag new is there now, and points to " + c.Short()},
		"new tag, is set": {fresh, b, ""},
	} {
		now := plan.Tags{}
		now.Now("shop/api", "new", x.now)
		after := plan.Step{Kind: plan.Delete, Digest: a, Expect: plan.Expect{Digest: a}, After: []int{0}, Reference: ref.Reference{
			Host: "registry.example", Repository: "shop/api", Digest: a,
		}}
		p := plan.Plan{Registry: "registry.example", Repository: "shop/api", Steps: []plan.Step{x.step, after}}
		why := plan.Stands(p, now)
		if why[0] != x.said {
			t.Errorf("%s: %q", name, why[0])
		}
		u := plan.Undo{Plan: p, Verdict: plan.Possible}.Standing(why, now, plan.Capabilities{})
		switch {
		case x.said == "" && (u.Verdict != plan.Possible || len(u.Plan.Steps) != 2):
			t.Errorf("%s: %+v", name, u)
		case x.said != "" && (u.Verdict != plan.Gone || len(u.Plan.Lost) != 2 || u.Plan.Lost[0].Tags[0] != "new" || !u.Plan.Loses()):
			t.Errorf("%s: %+v", name, u)
		}
		if left := p.Standing(why); x.said != "" && (len(left.Steps) != 0 || !strings.Contains(left.Notes[0], x.said)) {
			t.Errorf("%s: %+v", name, left)
		}
	}
	p := plan.Plan{Steps: []plan.Step{untag}}
	if why := plan.Stands(p, plan.Tags{}); len(why) != 0 {
		t.Errorf("what was not looked at is %v", why)
	}
}

// A delete is left out that something else needs now: a tag, an index, or a signature
// that goes by its tag.
func TestADeleteThatIsHeldIsLeftOut(t *testing.T) {
	t.Parallel()
	d, sig := ref.DigestOf([]byte("d")), ref.DigestOf([]byte("sig"))
	step := plan.Step{Kind: plan.Delete, Digest: d, Expect: plan.Expect{Tag: "v1", Digest: d}, Tags: []string{"v1"}, Reference: ref.Reference{
		Host: "registry.example", Repository: "shop/api", Digest: d,
	}}
	p := plan.Plan{Registry: "registry.example", Repository: "shop/api", Steps: []plan.Step{step}}
	for tag, said := range map[string]string{
		"v1": "", "release": "has the tag release now", d.FallbackTag() + ".sig": "the signature " + d.FallbackTag() + ".sig describes it now",
	} {
		g := graph.New()
		g.Tag("v1", d)
		if strings.Contains(tag, "sha256") {
			g.Tag(tag, sig)
		} else {
			g.Tag(tag, d)
		}
		why := plan.Stands(p, plan.Tags{}, plan.View{Registry: "registry.example", Repository: "shop/api", Graph: g})
		if (why[0] == "") != (said == "") || !strings.Contains(why[0], said) {
			t.Errorf("%s: %q", tag, why[0])
		}
		u := plan.Undo{Plan: p, Verdict: plan.Possible}.Standing(why, plan.Tags{}, plan.Capabilities{TagDelete: plan.Yes})
		if said != "" && (u.Verdict != plan.Partial || len(u.Plan.Steps) != 1 || u.Plan.Steps[0].Kind != plan.Untag) {
			t.Errorf("%s: %+v", tag, u)
		}
	}
}
