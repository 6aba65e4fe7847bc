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
	broken := plan.Broken{{Repository: "shop/api", Digest: d}: "a layer is not there"}
	var refused *plan.RefusedError
	if _, err := plan.Rewhole(p, broken, false); !errors.As(err, &refused) || !fault.Is(err, fault.Incomplete) {
		t.Errorf("a broken image gets the tag: %v", err)
	}
	got, err := plan.Rewhole(p, broken, true)
	if err != nil || !got.Overrides() || len(got.Risks) != 1 {
		t.Errorf("asked for, it is %+v, %v", got.Risks, err)
	}
	if got, err := plan.Rewhole(got, nil, false); err != nil || len(got.Risks) != 0 {
		t.Errorf("whole by now, it is %+v, %v", got.Risks, err)
	}
}
