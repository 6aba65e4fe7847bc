package journal_test

import (
	"strings"
	"testing"
	"time"

	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
)

func TestWithDeployments(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	prod := ref.Reference{Host: "registry.example.com", Repository: "shop/api", Tag: "prod"}
	good, other := ref.DigestOf([]byte("good")), ref.DigestOf([]byte("other"))
	run := func(id string, kind plan.Kind, d ref.Digest, after time.Duration) journal.Run {
		return journal.Run{
			ID: id, Started: at.Add(after), Steps: []journal.Step{{Outcome: plan.Done}},
			Plan: plan.Plan{Steps: []plan.Step{{Kind: kind, Reference: prod, Digest: d, Rollout: &plan.Rollout{Service: id}}}},
		}
	}
	back := run("back", plan.Retag, good, 0)
	undo := run("undo", plan.Deploy, good, time.Minute)
	undo.UndoOf = "another"
	failed := run("failed", plan.Retag, other, time.Minute)
	failed.Steps[0].Outcome = plan.Failed
	for name, x := range map[string]struct {
		all  []journal.Run
		want string
	}{
		"nothing":                {nil, ""},
		"two":                    {[]journal.Run{run("b", plan.Deploy, good, 2*time.Minute), run("a", plan.Deploy, good, time.Minute), back}, "ab"},
		"before":                 {[]journal.Run{run("a", plan.Deploy, good, -time.Minute)}, ""},
		"another digest":         {[]journal.Run{run("a", plan.Deploy, other, time.Minute)}, ""},
		"an undo":                {[]journal.Run{undo}, ""},
		"the tag has moved":      {[]journal.Run{run("a", plan.Deploy, good, 2*time.Minute), run("r", plan.Retag, good, time.Minute)}, ""},
		"the tag was removed":    {[]journal.Run{run("a", plan.Deploy, good, 2*time.Minute), run("r", plan.Untag, good, time.Minute)}, ""},
		"the tag has stayed":     {[]journal.Run{run("a", plan.Deploy, good, 2*time.Minute), failed}, "a"},
		"it moved once deployed": {[]journal.Run{run("r", plan.Retag, other, 2*time.Minute), run("a", plan.Deploy, good, time.Minute)}, "a"},
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
