package propose_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/cmd/config"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

// asking is a proposal on a terminal where somebody types.
func asking(t *testing.T, typed string) (*propose.Proposal, *bytes.Buffer) {
	t.Helper()
	c := config.Default()
	c.Cache.Path = store.Memory
	a := app.New(sandbox.Epoch, c, app.Flags{})
	t.Cleanup(func() { _ = a.Close() })
	var said bytes.Buffer
	return &propose.Proposal{App: a, Streams: output.Streams{
		In: strings.NewReader(typed), Out: &said, Err: &said, Terminal: true, Env: func(string) string { return "" },
	}}, &said
}

func removal(risks ...plan.Risk) plan.Plan {
	at := ref.Reference{Host: "registry.example", Repository: "team/app", Tag: "v1"}
	return plan.Plan{
		Registry: at.Host, Repository: at.Repository, Risks: risks,
		Steps: []plan.Step{{
			Kind: plan.Untag, Reference: at, Digest: ref.DigestOf(nil), Expect: plan.Expect{Tag: "v1", Digest: ref.DigestOf(nil)},
		}},
	}
}

// A plan is confirmed by a whole line with what its risk demands, and by nothing else.
func TestConfirm(t *testing.T) {
	t.Parallel()
	risky := removal(plan.Risk{Kind: plan.Preflight, Typed: true, Reason: "it is risky"})
	for _, tt := range []struct {
		plan  plan.Plan
		want  string
		typed string
		ok    bool
	}{
		{removal(), "", "y\n", true},
		{removal(), "", "yes\n", true},
		{removal(), "", " YES \n", true},
		{removal(), "", "\n", false},
		{removal(), "", "n\n", false},
		{removal(), "", "y", false},
		{removal(), "", "", false},
		{risky, "", risky.Word() + "\n", true},
		{risky, "", "y\n", false},
		{risky, "", "yes\n", false},
		{removal(), "prod", "prod\n", true},
		{removal(), "prod", "y\n", false},
		{risky, "prod", "prod\n", true},
	} {
		c, said := asking(t, tt.typed)
		c.Want = tt.want
		err := c.Confirm(tt.plan)
		if (err == nil) != tt.ok || !tt.ok && output.ExitOf(err) != output.Refused {
			t.Errorf("%q typed: %v\n%s", tt.typed, err, said)
		}
	}
	c, said := asking(t, "y\n")
	c.Streams.Terminal = false
	if err := c.Confirm(removal()); output.ExitOf(err) != output.Refused || said.Len() != 0 {
		t.Errorf("without a terminal: %v", err)
	}
	if c.Options.Yes = true; c.Confirm(risky) != nil || !strings.Contains(said.String(), "careful: it is risky") {
		t.Errorf("with --yes: %q", said)
	}
}

// A registry is tried for what it deletes only where the change is confirmed already.
func TestTries(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		o     propose.Options
		tries bool
	}{
		{propose.Options{}, false},
		{propose.Options{Yes: true}, true},
		{propose.Options{Yes: true, DryRun: true}, false},
		{propose.Options{Yes: true, File: "x"}, false},
	} {
		c, _ := asking(t, "")
		c.Options = tt.o
		if got := c.Planner("registry.example").Tries; got != tt.tries {
			t.Errorf("%+v tries: %v", tt.o, got)
		}
		c.App.Flags.ReadOnly = true
		if c.Planner("registry.example").Tries {
			t.Errorf("%+v tries what is read-only", tt.o)
		}
	}
}

// A plan takes the place of a plan, and of nothing else.
func TestPlanFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plan.json")
	c, _ := asking(t, "")
	c.Options.File = path
	for range 2 {
		if err := c.Do(t.Context(), removal()); err != nil || !propose.HoldsPlan(t.Context(), path) {
			t.Errorf("a plan over a plan: %v", err)
		}
	}
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := c.Do(t.Context(), removal()); output.ExitOf(err) != output.Refused {
		t.Errorf("over what is no plan: %v", err)
	}
	if raw, err := os.ReadFile(path); err != nil || string(raw) != "mine" {
		t.Errorf("%q: %v", raw, err)
	}
}

// The code says how a run ended: all, some or none of it, and what vanished beside it.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		r    plan.Result
		want output.Exit
	}{
		"all":             {plan.Result{Done: 2}, output.Done},
		"nothing to do":   {plan.Result{}, output.Done},
		"some":            {plan.Result{Done: 1, Failed: 1}, output.Partly},
		"some skipped":    {plan.Result{Done: 1, Skipped: 1}, output.Partly},
		"none":            {plan.Result{Failed: 1}, output.Failed},
		"all skipped":     {plan.Result{Skipped: 2}, output.Refused},
		"in doubt":        {plan.Result{InDoubt: 1}, output.Partly},
		"tags vanished":   {plan.Result{Done: 2, AlsoGone: []plan.Stray{{}}}, output.Partly},
		"nobody knows":    {plan.Result{Done: 2, AlsoGone: []plan.Stray{{Unknown: true}}}, output.Partly},
		"and not all was": {plan.Result{Failed: 1, AlsoGone: []plan.Stray{{}}}, output.Failed},
	} {
		if err := propose.OutcomeError(tt.r); output.ExitOf(err) != tt.want {
			t.Errorf("%s: %v ends with %d", name, err, output.ExitOf(err))
		}
	}
	said := propose.OutcomeError(plan.Result{Done: 1, AlsoGone: []plan.Stray{{Unknown: true}}})
	if !strings.Contains(said.Error(), "not known") || errors.Is(said, os.ErrExist) {
		t.Errorf("%v", said)
	}
}
