package plan_test

import (
	"testing"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
)

func TestRetagNamesWhatLosesItsTag(t *testing.T) {
	t.Parallel()
	old, next := img(t, "old"), img(t, "next")
	v := view(tags{"prod": old, "v2": next})
	moves := []plan.Move{{From: tagged("shop/api", "v2"), To: tagged("shop/api", "prod")}}
	p, err := plan.ToRetag([]plan.View{v}, moves, options())
	wantSteps(t, p, err, nil, "retag prod")
	s := p.Steps[0]
	if s.Digest != next.Digest || s.Expect != (plan.Expect{Tag: "prod", Digest: old.Digest}) || s.Loses() != old.Digest {
		t.Errorf("step is %+v", s)
	}
	wantText(t, s.Reason, "moves from "+old.Digest.Short()+" (prod), which becomes untagged")
	wantText(t, kept(p, old), "it becomes untagged")
	if p.Repository != "shop/api" || !p.Typed() {
		t.Errorf("repository %q, risks %v", p.Repository, p.Risks)
	}
	v.Graph.Tag("v1", old.Digest)
	p, _ = plan.ToRetag([]plan.View{v}, moves, options())
	wantText(t, kept(p, old), "it keeps the tag v1")
}

// A command that looks at one tag does not know its siblings, and says so.
func TestRetagDoesNotPretendToKnowAllTags(t *testing.T) {
	t.Parallel()
	old, next := img(t, "old"), img(t, "next")
	v := view(tags{"v1": old, "v2": next})
	v.Graph.Partial("only these tags were looked at")
	p, err := plan.ToRetag([]plan.View{v}, []plan.Move{{From: tagged("shop/api", "v2"), To: tagged("shop/api", "v1")}}, options())
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, p.Steps[0].Reason, "which may become untagged")
	wantText(t, kept(p, old), "may become untagged: not all tags were looked at")
	wantText(t, p.Risks[0].Reason, "may lose its last tag")
}

func TestRetagIsRefused(t *testing.T) {
	t.Parallel()
	a, b := img(t, "a"), img(t, "b")
	v := view(tags{"v1": a, "v2": b})
	gappy := view(tags{"v1": a, "v2": b})
	gappy.Graph.Partial("not all tags were looked at")
	fixed := v
	fixed.Can.Mutability.Immutable = true
	other := tagged("shop/api", "v3")
	other.Host = "elsewhere.example"
	move := func(from, to ref.Reference) plan.Move { return plan.Move{From: from, To: to} }
	v1, v2, v3 := tagged("shop/api", "v1"), tagged("shop/api", "v2"), tagged("shop/api", "v3")
	for name, c := range map[string]struct {
		v     plan.View
		moves []plan.Move
		why   plan.Why
		kind  fault.Kind
	}{
		"nothing":          {v, nil, plan.NothingSelected, fault.Invalid},
		"immutable tag":    {fixed, []plan.Move{move(v1, v2)}, plan.ImmutableTag, fault.Immutable},
		"unknown source":   {v, []plan.Move{move(v3, v1)}, plan.UnknownTag, fault.NotFound},
		"unknown digest":   {v, []plan.Move{move(byDigest(digest("?")), v1)}, plan.UnknownDigest, fault.NotFound},
		"damaged digest":   {gappy, []plan.Move{move(byDigest("sha256:1"), v1)}, plan.UnknownDigest, fault.Invalid},
		"invalid tag":      {v, []plan.Move{move(v1, tagged("shop/api", ".x"))}, plan.InvalidTag, fault.Invalid},
		"other registry":   {v, []plan.Move{move(v1, other)}, plan.OtherRegistry, fault.Invalid},
		"other repository": {v, []plan.Move{move(v1, tagged("shop/web", "v1"))}, plan.OtherRegistry, fault.Invalid},
		"unread repository": {
			v, []plan.Move{move(tagged("shop/web", "v1"), tagged("shop/web", "v2"))}, plan.OtherRegistry, fault.Invalid,
		},
		"two ways at once": {v, []plan.Move{move(v1, v3), move(v2, v3)}, plan.Contradiction, fault.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := plan.ToRetag([]plan.View{c.v}, c.moves, options())
			refusal(t, err, c.why, c.kind)
		})
	}
	if _, err := plan.ToRetag([]plan.View{fixed}, []plan.Move{move(v1, v3)}, options()); err != nil {
		t.Errorf("a new tag is refused where tags are immutable: %v", err)
	}
}
