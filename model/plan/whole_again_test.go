package plan_test

import (
	"errors"
	"testing"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
)

// What a plan of before does not look at is looked at anew: its file may have been
// altered.
func TestWhatAPlanDoesNotCheckIsAskedAgain(t *testing.T) {
	t.Parallel()
	d := ref.DigestOf([]byte("an image"))
	step := plan.Step{
		Kind: plan.Retag, Digest: d, Unchecked: true, Reference: ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: "prod"},
	}
	p := plan.Plan{Registry: "registry.example", Repository: "shop/api", Steps: []plan.Step{step}}
	at := plan.Place{Repository: "shop/api", Digest: d}
	broken := plan.Wholeness{Broken: plan.Broken{at: "a layer is not there"}}
	var refused *plan.RefusedError
	if _, err := plan.Rewhole(p, broken, false); !errors.As(err, &refused) || !fault.Is(err, fault.Incomplete) {
		t.Errorf("a broken image gets the tag: %v", err)
	}
	got, err := plan.Rewhole(p, broken, true)
	if err != nil || !got.Overrides() || len(got.Risks) != 1 {
		t.Errorf("asked for, it is %+v, %v", got.Risks, err)
	}
	if got, err := plan.Rewhole(got, plan.Wholeness{}, false); err != nil || len(got.Risks) != 0 {
		t.Errorf("whole by now, it is %+v, %v", got.Risks, err)
	}
}

// What a plan has looked at is looked at again too: blobs go. What the plan brings itself
// is not there yet. Parts that could not be looked at are noted, once.
func TestAPlanIsAskedAgainWhetherItsImageIsWhole(t *testing.T) {
	t.Parallel()
	d := ref.DigestOf([]byte("an image"))
	at := plan.Place{Repository: "shop/api", Digest: d}
	step := plan.Step{Kind: plan.Retag, Digest: d, Reference: ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: "prod"}}
	p := plan.Plan{Registry: "registry.example", Repository: "shop/api", Steps: []plan.Step{step}}
	if got := p.Retags(); len(got) != 1 || got[0] != at {
		t.Errorf("asked for: %v", got)
	}
	if _, err := plan.Rewhole(p, plan.Wholeness{Broken: plan.Broken{at: "a layer is not there"}}, false); !fault.Is(err, fault.Incomplete) {
		t.Errorf("a broken image gets the tag: %v", err)
	}
	dark := plan.Wholeness{Unlooked: map[plan.Place]string{at: "1 part could not be looked at: denied"}}
	for range 2 {
		var err error
		if p, err = plan.Rewhole(p, dark, false); err != nil || len(p.Notes) != 1 {
			t.Errorf("%v: the notes are %q", err, p.Notes)
		}
	}
	p.Steps[0].After = []int{0}
	if got := p.Retags(); len(got) != 0 {
		t.Errorf("what the plan brings is asked for: %v", got)
	}
}
