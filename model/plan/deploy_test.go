package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

const service = "ecs:eu-central-1/prod/shop-api"

// backAndDeploy is prod going from bad to good, with the service that follows it.
func backAndDeploy(t *testing.T) (p plan.Plan, v plan.View, bad, good image.Manifest) {
	t.Helper()
	bad, good = img(t, "bad"), img(t, "good")
	v = view(tags{"prod": bad, "v1": good})
	p, err := plan.ToRollback([]plan.View{v}, []plan.Back{
		{Tag: tagged("shop/api", "prod"), To: good.Digest, Keep: "kept"},
	}, options())
	if err != nil {
		t.Fatal(err)
	}
	return plan.ToDeploy(p, []plan.Follower{
		{Tag: tagged("shop/api", "prod"), Rollout: plan.Rollout{Service: service, Was: bad.Digest, Over: "ecs-svc/1"}},
		{Tag: tagged("shop/api", "other"), Rollout: plan.Rollout{Service: service}}, // nothing is known of it
	}, nil), v, bad, good
}

func ranWhole(p plan.Plan) plan.Ran {
	out := plan.Ran{Plan: p}
	for range p.Steps {
		out.Outcomes = append(out.Outcomes, plan.Done)
	}
	return out
}

func TestDeployWaitsForItsTag(t *testing.T) {
	t.Parallel()
	p, _, _, good := backAndDeploy(t)
	wantSteps(t, p, nil, nil, "retag kept, retag prod, deploy prod")
	s := p.Steps[2]
	if s.Digest != good.Digest || s.Expect != (plan.Expect{Tag: "prod", Digest: good.Digest}) ||
		len(s.After) != 1 || s.After[0] != 1 || s.Rollout.Over != "ecs-svc/1" {
		t.Errorf("%+v", s)
	}
	raw, err := plan.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	back, err := plan.Decode(raw)
	if diff := cmp.Diff(p.Steps, back.Steps); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

// Undo points the tag back first; a run that only deployed takes its tag back
// too, as a deployment looks it up. What ran before and is not known is told.
func TestUndoOfADeployment(t *testing.T) {
	t.Parallel()
	p, v, bad, good := backAndDeploy(t)
	seen := plan.Presence{here(bad.Digest): true, here(good.Digest): true}
	u := plan.Inverse(ranWhole(p), seen, v.Can, options())
	wantSteps(t, u.Plan, nil, nil, "retag prod, untag kept, deploy prod")
	if s := u.Plan.Steps[2]; s.Digest != bad.Digest || len(s.After) != 1 || s.After[0] != 0 || s.Rollout.Was != good.Digest {
		t.Errorf("%+v", s)
	}
	if u.Verdict != plan.Possible {
		t.Errorf("verdict %s, lost %v", u.Verdict, u.Plan.Lost)
	}
	alone := plan.ToDeploy(plan.Plan{Registry: p.Registry, Repository: p.Repository}, []plan.Follower{{
		Tag: tagged("shop/api", "prod"), Rollout: plan.Rollout{Service: service, Was: bad.Digest},
	}}, map[ref.Reference]ref.Digest{tagged("shop/api", "prod"): good.Digest})
	u = plan.Inverse(ranWhole(alone), seen, v.Can, options())
	wantSteps(t, u.Plan, nil, nil, "retag prod, deploy prod")
	if !ranWhole(alone).Changed() {
		t.Error("a deployment changes nothing")
	}
	alone.Steps[0].Rollout.Was = ""
	u = plan.Inverse(ranWhole(alone), seen, v.Can, options())
	if u.Verdict != plan.Gone || len(u.Plan.Lost) != 1 {
		t.Errorf("verdict %s, lost %v", u.Verdict, u.Plan.Lost)
	}
}

func TestDeployThatContradictsItself(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*plan.Step){
		"no service":  func(s *plan.Step) { s.Rollout = nil },
		"a bad name":  func(s *plan.Step) { s.Rollout = &plan.Rollout{Service: "ecs:x"} },
		"another tag": func(s *plan.Step) { s.Expect.Tag = "v1" },
		"a retag":     func(s *plan.Step) { s.Kind = plan.Retag },
	} {
		p, _, _, _ := backAndDeploy(t)
		spoil(&p.Steps[2])
		raw, err := plan.Encode(p)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := plan.Decode(raw); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
