package plan_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/usage"
)

// partly are options where one source answered and another did not.
func partly() plan.Options {
	o := options()
	o.Uses.Answers = []usage.Answer{
		{Source: usage.ECS, Scope: "eu-central-1"}, {Source: usage.Kubernetes, Scope: "prod", Err: errors.New("no kubectl")},
	}
	return o
}

const unanswered = "not fully known: 1 usage source did not answer in full: kubernetes prod: no kubectl"

// wantUnprotected wants a refusal that names the source and its reason.
func wantUnprotected(t *testing.T, what string, err error) {
	t.Helper()
	var refused *plan.RefusedError
	if !errors.As(err, &refused) || refused.Why != plan.NotProtected || !fault.Is(err, fault.Unprotected) ||
		!strings.HasSuffix(err.Error(), unanswered) {
		t.Errorf("%s: error %v", what, err)
	}
}

// removals are all plans that take something away, by what they are.
func removals(t *testing.T) map[string]func(plan.Options) (plan.Plan, error) {
	t.Helper()
	old, bare := img(t, "old", "l1"), img(t, "bare", "l2")
	v := view(tags{"prod": old, "v2": old}, bare)
	v.Can.Archives = true
	made, err := plan.ToDelete(v, deletes(old), options())
	if err != nil {
		t.Fatal(err)
	}
	put := plan.Plan{Registry: v.Registry, Repository: v.Repository, Steps: []plan.Step{{
		Kind: plan.Put, Digest: old.Digest, Manifest: &plan.Manifest{MediaType: old.MediaType, Raw: old.Raw},
		Reference: ref.Reference{Host: v.Registry, Repository: v.Repository, Digest: old.Digest},
	}}}
	seen := plan.Presence{{Repository: v.Repository, Digest: old.Digest}: true}
	return map[string]func(plan.Options) (plan.Plan, error){
		"delete":             func(o plan.Options) (plan.Plan, error) { return plan.ToDelete(v, deletes(old), o) },
		"delete, untagged":   func(o plan.Options) (plan.Plan, error) { return plan.ToDelete(v, deletes(bare), o) },
		"untag":              func(o plan.Options) (plan.Plan, error) { return plan.ToUntag(v, []string{"v2"}, o) },
		"untag, last":        func(o plan.Options) (plan.Plan, error) { return plan.ToUntag(v, []string{"prod", "v2"}, o) },
		"a plan from before": func(o plan.Options) (plan.Plan, error) { return plan.Guard(made, o, v) },
		"prune": func(o plan.Options) (plan.Plan, error) {
			return plan.ToPrune(v, plan.Pruning{Deletes: []ref.Digest{bare.Digest}}, o)
		},
		"archive": func(o plan.Options) (plan.Plan, error) {
			return plan.ToArchive(v, []image.Image{{Digest: old.Digest}}, []ref.Digest{old.Digest}, o)
		},
		"undo of a copy": func(o plan.Options) (plan.Plan, error) {
			u := plan.Inverse(plan.Ran{Plan: put, Outcomes: []plan.Outcome{plan.Done}}, seen, v.Can, o)
			if u.Refused != nil {
				return plan.Plan{}, u.Refused
			}
			return u.Plan, nil
		},
	}
}

// While a source does not answer, nothing that may be in use is taken away unless
// that is asked for: then the source comes first, and a word of its own confirms it.
func TestIncompleteProtectionRefuses(t *testing.T) {
	t.Parallel()
	for name, build := range removals(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := build(partly())
			wantUnprotected(t, name, err)
			o := partly()
			o.InUse = true
			p, err := build(o)
			if err != nil || len(p.Risks) == 0 {
				t.Fatalf("asked for: risks %v, error %v", p.Risks, err)
			}
			first := p.Risks[0]
			if first.Kind != plan.Unprotected || !first.Override || !strings.HasSuffix(first.Reason, unanswered) {
				t.Errorf("asked for: the first risk is %+v", first)
			}
			if p.Word() != "override" {
				t.Errorf("it is confirmed by %q", p.Word())
			}
		})
	}
}

// What runs is refused in the same way by every plan that takes it away.
func TestWhatRunsIsConfirmedByAnOverride(t *testing.T) {
	t.Parallel()
	old := img(t, "old", "l1")
	for name, build := range removals(t) {
		if name == "delete, untagged" || name == "prune" || name == "untag" {
			continue // of another image, or of a tag that nobody names
		}
		if _, err := build(runs("", old.Digest)); !fault.Is(err, fault.InUse) {
			t.Errorf("%s: error %v", name, err)
		}
		o := runs("", old.Digest)
		o.InUse = true
		p, err := build(o)
		if err != nil || len(p.Risks) == 0 || p.Risks[0].Kind != plan.InUseRisk || p.Word() != "override" {
			t.Errorf("%s: asked for: risks %v, word %q, error %v", name, p.Risks, p.Word(), err)
		}
	}
}

// A plan that only moves tags, or takes the tag of a signature away, is not refused:
// it takes nothing from those who are not known.
func TestIncompleteProtectionOfWhatStays(t *testing.T) {
	t.Parallel()
	old, next := img(t, "old", "l1"), img(t, "next", "l2")
	sig := "sha256-" + strings.TrimPrefix(string(old.Digest), "sha256:") + ".sig"
	v := view(tags{"prod": old, "v2": next, sig: img(t, "sig", "l3")})
	moved, err1 := plan.ToRetag([]plan.View{v}, []plan.Move{{
		From: ref.Reference{Host: v.Registry, Repository: v.Repository, Digest: next.Digest},
		To:   ref.Reference{Host: v.Registry, Repository: v.Repository, Tag: "prod"},
	}}, partly())
	untagged, err2 := plan.ToUntag(v, []string{sig}, partly())
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]plan.Plan{"retag": moved, "untag of a signature": untagged} {
		told := slices.ContainsFunc(p.Risks, func(r plan.Risk) bool {
			return r.Kind == plan.Unprotected && !r.Typed && !r.Override
		})
		if !told || p.Overrides() {
			t.Errorf("%s: risks %v", name, p.Risks)
		}
	}
}

// An undo takes away the tags that the run has set for its own ends, also while a
// source does not answer: nobody deploys from them.
func TestUndoTakesItsOwnTagsAway(t *testing.T) {
	t.Parallel()
	old, next := img(t, "old", "l1"), img(t, "next", "l2")
	v := view(tags{"prod": next, "v1": old})
	p, err := plan.ToRollback([]plan.View{v}, []plan.Back{{
		Tag: ref.Reference{Host: v.Registry, Repository: v.Repository, Tag: "prod"}, To: old.Digest, Keep: "rollback-from-1",
	}}, options())
	if err != nil {
		t.Fatal(err)
	}
	seen := plan.Presence{
		{Repository: v.Repository, Digest: old.Digest}: true, {Repository: v.Repository, Digest: next.Digest}: true,
	}
	u := plan.Inverse(plan.Ran{Plan: p, Outcomes: []plan.Outcome{plan.Done, plan.Done}}, seen, v.Can, partly())
	if u.Refused != nil || !u.Plan.TakesAway() || u.Plan.Overrides() {
		t.Errorf("refused %v, steps %v, risks %v", u.Refused, u.Plan.Steps, u.Plan.Risks)
	}
}

// A plan that takes something away notes once who was not asked.
func TestPlansNoteWhoWasNotAsked(t *testing.T) {
	t.Parallel()
	answered := usage.Set{Answers: []usage.Answer{{Source: usage.ECS, Scope: "eu-central-1"}}}
	lambda := answered
	lambda.Unasked = []usage.Source{usage.Lambda}
	for name, tt := range map[string]struct {
		uses usage.Set
		want string
	}{
		"nobody":         {usage.Set{}, "no usage source is configured: what runs here is unknown"},
		"all but Lambda": {lambda, "Lambda was not asked what it runs: add its regions under usage in the config"},
		"all there are":  {answered, ""},
	} {
		for what, build := range removals(t) {
			o := options()
			o.Uses = tt.uses
			p, err := build(o)
			if err != nil {
				t.Fatal(err)
			}
			notes := slices.DeleteFunc(slices.Clone(p.Notes), func(n string) bool {
				return !strings.Contains(n, "usage")
			})
			if tt.want == "" && len(notes) > 0 || tt.want != "" && !slices.Equal(notes, []string{tt.want}) {
				t.Errorf("%s, %s: notes %q", name, what, p.Notes)
			}
		}
	}
}
