package journal_test

import (
	"slices"
	"strings"
	"testing"

	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
)

func TestWithDeployments(t *testing.T) {
	t.Parallel()
	prod := ref.Reference{Host: "registry.example.com", Repository: "shop/api", Tag: "prod"}
	good, other := ref.DigestOf([]byte("good")), ref.DigestOf([]byte("other"))
	run := func(id string, kind plan.Kind, d ref.Digest) journal.Run {
		return journal.Run{ID: id, Steps: []journal.Step{{Outcome: plan.Done}}, Plan: plan.Plan{Steps: []plan.Step{
			{Kind: kind, Reference: prod, Digest: d, Rollout: &plan.Rollout{Service: id}},
		}}}
	}
	back, a, b := run("back", plan.Retag, good), run("a", plan.Deploy, good), run("b", plan.Deploy, good)
	undo, failed := run("undo", plan.Deploy, good), run("failed", plan.Retag, other)
	undo.UndoOf, failed.Steps[0].Outcome = "another", plan.Failed
	for name, x := range map[string]struct {
		all  []journal.Run // the newest first
		want string
	}{
		"it is not there":        {[]journal.Run{a}, ""},
		"two":                    {[]journal.Run{b, a, back}, "ab"},
		"before":                 {[]journal.Run{back, a}, ""},
		"another digest":         {[]journal.Run{run("a", plan.Deploy, other), back}, ""},
		"an undo":                {[]journal.Run{undo, back}, ""},
		"the tag has moved":      {[]journal.Run{a, run("r", plan.Retag, good), back}, ""},
		"the tag was removed":    {[]journal.Run{a, run("r", plan.Untag, good), back}, ""},
		"the tag has stayed":     {[]journal.Run{a, failed, back}, "a"},
		"it moved once deployed": {[]journal.Run{run("r", plan.Retag, other), a, back}, "a"},
	} {
		whole := back.WithDeployments(x.all)
		var deployed []string
		for _, s := range whole.Plan.Steps[1:] {
			deployed = append(deployed, s.Rollout.Service)
		}
		if got := strings.Join(deployed, ""); got != x.want || len(whole.Steps) != len(whole.Plan.Steps) {
			t.Errorf("%s: %q, want %q", name, deployed, x.want)
		}
	}
}

// A deployment that an undo has deployed over is not there to be undone any more.
func TestWhatWasDeployedOver(t *testing.T) {
	t.Parallel()
	deploys := func(undoOf string, services ...string) journal.Run {
		r := journal.Run{UndoOf: undoOf}
		for _, s := range services {
			r.Plan.Steps = append(r.Plan.Steps, plan.Step{Kind: plan.Deploy, Rollout: &plan.Rollout{Service: s}})
		}
		return r
	}
	web := deploys("", "prod/web")
	for name, x := range map[string]struct {
		run    journal.Run
		newer  []journal.Run
		wanted bool
	}{
		"by an undo":          {web, []journal.Run{deploys("r1", "prod/web")}, true},
		"by another change":   {web, []journal.Run{deploys("", "prod/web")}, false},
		"another service":     {web, []journal.Run{deploys("r1", "prod/api")}, false},
		"one of two":          {deploys("", "prod/web", "prod/api"), []journal.Run{deploys("r1", "prod/web")}, false},
		"it did more":         {withRetag(web), []journal.Run{deploys("r1", "prod/web")}, false},
		"nothing came after":  {web, nil, false},
		"it did nothing ever": {journal.Run{}, []journal.Run{deploys("r1", "prod/web")}, false},
	} {
		if got := x.run.DeployedOver(x.newer); got != x.wanted {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func withRetag(r journal.Run) journal.Run {
	r.Plan.Steps = append(slices.Clone(r.Plan.Steps), plan.Step{Kind: plan.Retag})
	return r
}
