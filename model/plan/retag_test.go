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

// Many tags, across repositories: the manifest is brought over by its digest.
func TestRetagAcrossRepositories(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	api, web := view(tags{"v1": a}), view(tags{"v1": img(t, "web")})
	web.Repository = "shop/web"
	p, err := plan.ToRetag([]plan.View{api, web}, []plan.Move{
		{From: tagged("shop/api", "v1"), To: tagged("shop/web", "v2")},
		{From: tagged("shop/api", "v1"), To: tagged("shop/api", "v2")},
		{From: byDigest("shop/api", a.Digest), To: tagged("shop/web", "v2")},
		{From: tagged("shop/api", "v1"), To: tagged("shop/api", "v1")},
	}, options())
	wantSteps(t, p, err, nil, "retag v2, retag v2")
	if p.Steps[0].From != (ref.Reference{}) || p.Steps[1].From != byDigest("shop/api", a.Digest) || p.Repository != "" {
		t.Errorf("plan is %+v", p)
	}
	wantText(t, kept(p, a), "v1 points there already")
	raw, err := plan.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plan.Decode(raw); err != nil {
		t.Error(err)
	}
}

func TestRetagIsRefused(t *testing.T) {
	t.Parallel()
	a, b := img(t, "a"), img(t, "b")
	v := view(tags{"v1": a, "v2": b})
	fixed := v
	fixed.Can.Immutable = true
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
		"nothing":           {v, nil, plan.NothingSelected, fault.Invalid},
		"immutable tag":     {fixed, []plan.Move{move(v1, v2)}, plan.ImmutableTag, fault.Immutable},
		"unknown source":    {v, []plan.Move{move(v3, v1)}, plan.UnknownTag, fault.NotFound},
		"unknown digest":    {v, []plan.Move{move(byDigest("shop/api", digest("?")), v1)}, plan.UnknownDigest, fault.NotFound},
		"damaged digest":    {v, []plan.Move{move(byDigest("shop/web", "sha256:1"), v1)}, plan.UnknownDigest, fault.Invalid},
		"invalid tag":       {v, []plan.Move{move(v1, tagged("shop/api", ".x"))}, plan.InvalidTag, fault.Invalid},
		"other registry":    {v, []plan.Move{move(v1, other)}, plan.OtherRegistry, fault.Invalid},
		"unread repository": {v, []plan.Move{move(v1, tagged("shop/web", "v1"))}, plan.OtherRegistry, fault.Invalid},
		"two ways at once":  {v, []plan.Move{move(v1, v3), move(v2, v3)}, plan.Contradiction, fault.Invalid},
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
