package plan_test

import (
	"fmt"
	"slices"
	"testing"

	"regatta/model/plan"
)

func TestRisks(t *testing.T) {
	t.Parallel()
	a, b := img(t, "a"), img(t, "b")
	many := tags{}
	for i := range 20 {
		many[fmt.Sprintf("v%02d", i)] = a
	}
	for name, c := range map[string]struct {
		v     plan.View
		untag []string
		rules plan.Rules
		want  plan.RiskKind
		typed bool
		text  string
	}{
		"nothing special": {v: view(tags{"v1": a, "v2": a}), untag: []string{"v1"}, rules: plan.DefaultRules()},
		"no rules":        {v: view(tags{"prod": a, "v2": a}), untag: []string{"prod"}},
		"prod": {
			view(tags{"Prod-eu": a, "v2": a}),
			[]string{"Prod-eu"},
			plan.DefaultRules(), plan.ProdTag, true,
			"people may deploy from Prod-eu",
		},
		"protected": {
			view(tags{"release-1": a, "v2": a}),
			[]string{"release-1"},
			plan.Rules{Protected: []string{"release-*", "["}},
			plan.Protected, true, "protected: release-1",
		},
		"many": {
			view(many), slices.Sorted(func(yield func(string) bool) {
				for i := range 19 {
					yield(fmt.Sprintf("v%02d", i))
				}
			}), plan.Rules{ManyImages: 19}, plan.ManyImages, true, "19 tags change",
		},
		"last tag": {
			view(tags{"v1": a, "v2": b}),
			[]string{"v1"},
			plan.DefaultRules(), plan.LastTag, true,
			a.Digest.Short() + " (v1) loses its last tag",
		},
		"prod context": {
			view(tags{"v1": a, "v2": a}),
			[]string{"v1"},
			plan.Rules{ProdContext: "acme-prod"},
			plan.ProdContext, true,
			"acme-prod is marked as production",
		},
	} {
		p, err := plan.ToUntag(c.v, c.untag, plan.Options{Rules: c.rules})
		if err != nil {
			t.Fatal(err)
		}
		if c.want == "" {
			if len(p.Risks) > 0 {
				t.Errorf("%s: risks are %v", name, p.Risks)
			}
			continue
		}
		if len(p.Risks) != 1 || p.Risks[0].Kind != c.want || p.Risks[0].Typed != c.typed || p.Typed() != c.typed {
			t.Errorf("%s: risks are %v, want %s", name, p.Risks, c.want)
			continue
		}
		wantText(t, p.Risks[0].Reason, c.text)
	}
}

// Tags that may belong to the same image are no small matter when it seems to
// lose its last one.
func TestAnUnreadTagMayBeASibling(t *testing.T) {
	t.Parallel()
	v := view(tags{"v1": img(t, "a")})
	v.Graph.MissingTag("v2", "timed out")
	p, err := plan.ToUntag(v, []string{"v1"}, options())
	if err != nil || len(p.Risks) != 2 || p.Risks[1].Kind != plan.Incomplete {
		t.Errorf("risks are %v, %v", p.Risks, err)
	}
}

func TestMovingATagIsNoReasonToType(t *testing.T) {
	t.Parallel()
	a, b := img(t, "a"), img(t, "b")
	p, err := plan.ToRetag([]plan.View{view(tags{"v1": a, "v2": b})},
		[]plan.Move{{From: tagged("shop/api", "v1"), To: tagged("shop/api", "v2")}}, options())
	if err != nil || p.Typed() || len(p.Risks) != 1 || p.Risks[0].Kind != plan.LastTag {
		t.Errorf("risks are %v, %v", p.Risks, err)
	}
}
