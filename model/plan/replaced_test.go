package plan_test

import (
	"testing"

	"regatta/model/plan"
	"regatta/model/ref"
)

func TestAPullNamesWhatItWritesOver(t *testing.T) {
	t.Parallel()
	d := ref.DigestOf([]byte("a config"))
	p := plan.Plan{Risks: []plan.Risk{{Kind: plan.ProdContext}}}
	got := p.Replacing([]plan.Replaced{{File: "/tmp/x.tar", Image: d, Tags: []string{"shop/api:v1"}}})
	if len(got.Risks) != 2 || got.Risks[0].Kind != plan.Replaces || got.Risks[0].Reason != "/tmp/x.tar is there, and is written anew" {
		t.Errorf("%+v", got.Risks)
	}
	if len(got.Lost) != 1 || got.Lost[0].Digest != d || got.Lost[0].Maybe || !got.Loses() {
		t.Errorf("%+v", got.Lost)
	}
	if got := p.Replacing(nil); len(got.Risks) != 1 || len(got.Lost) != 0 {
		t.Errorf("%+v", got)
	}
}
