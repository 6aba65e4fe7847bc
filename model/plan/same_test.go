package plan_test

import (
	"testing"

	"regatta/model/plan"
	"regatta/model/ref"
)

func TestSame(t *testing.T) {
	t.Parallel()
	at := func(tag string) ref.Reference {
		return ref.Reference{Host: "registry.example", Repository: "app", Tag: tag}
	}
	d := ref.DigestOf([]byte("an image"))
	image := ref.Reference{Host: "registry.example", Repository: "app", Digest: d}
	of := func(steps ...plan.Step) plan.Plan { return plan.Plan{Steps: steps} }
	untag := plan.Step{Kind: plan.Untag, Reference: at("v1"), Digest: d}
	dummy := plan.Step{Kind: plan.UntagByDummy, Reference: at("v1"), Digest: d}
	remove := plan.Step{Kind: plan.Delete, Reference: image, Digest: d}
	together := remove
	together.Tags = []string{"v1"}
	noted, risky, freeing := of(together), of(together), of(together)
	noted.Notes = []string{"it is not known whether it works"}
	risky.Risks = []plan.Risk{{Reason: "it is the last one"}}
	freeing.ReclaimedBytes = 7
	losing, losingMore := of(together), of(together)
	losing.Lost = []plan.Lost{{Digest: d, Reason: "a child is gone already"}}
	losingMore.Lost = []plan.Lost{{Digest: d, Tags: []string{"v1"}, Reason: "a child is gone already"}}
	elsewhere := freeing
	elsewhere.InRegistry = &plan.InRegistry{ReclaimedBytes: 5}
	for _, tt := range []struct {
		name string
		a, b plan.Plan
		want bool
	}{
		{"tags first", of(untag, remove), of(together), true},
		{"notes", noted, of(together), true},
		{"risks", risky, of(together), false},
		{"bytes", freeing, of(together), false},
		{"undo could not bring something back", losing, of(together), false},
		{"undo could not bring a tag back", losing, losingMore, false},
		{"the same is lost", losing, losing, true},
		{"bytes in the registry", elsewhere, freeing, true},
		{"a dummy is pushed", of(untag), of(dummy), false},
		{"a dummy is pushed before all goes", of(untag, remove), of(dummy, remove), false},
		{"more goes", of(untag), of(together), false},
		{"another tag", of(untag, remove), of(remove), false},
		{"nothing", plan.Plan{}, plan.Plan{}, true},
	} {
		if got := plan.Same(tt.a, tt.b); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
		if got := plan.Same(tt.b, tt.a); got != tt.want {
			t.Errorf("%s, the other way round: %v", tt.name, got)
		}
	}
}
