package cli

import (
	"strings"
	"testing"
	"time"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/config"
	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

const ecrHost = "111122223333.dkr.ecr.eu-central-1.amazonaws.com"

// inAccount is a session that reaches nothing but the sandbox's account, which is
// asked for passwords.
func inAccount(t *testing.T, now func() time.Time) (*app.App, *sandbox.Registry) {
	t.Helper()
	private(t)
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": "/none", "AWS_SHARED_CREDENTIALS_FILE": "/none", "AWS_ENDPOINT_URL": "",
	} {
		t.Setenv(name, value)
	}
	rg := sandbox.New(sandbox.Options{Now: sandbox.Epoch, Auth: sandbox.Auth{AWS: true}})
	c, err := config.Load(config.Path())
	if err != nil {
		t.Fatal(err)
	}
	s := app.New(now, c, app.Flags{})
	s.Base = rg.Transport()
	t.Cleanup(func() {
		_ = s.Close()
		_ = rg.Close()
	})
	return s, rg
}

// For a registry of ECR, ECS in its region is asked without a word in the config,
// under any of its names; an answer holds for a minute.
func TestUsesOfECR(t *testing.T) {
	at := sandbox.Epoch()
	s, rg := inAccount(t, func() time.Time { return at })
	asked := func() bool {
		defer rg.ResetRequests()
		for _, r := range rg.Requests() {
			if r.Operation == "ecs:ListClusters" {
				return true
			}
		}
		return false
	}
	for _, host := range []string{ecrHost, "111122223333.dkr-ecr.eu-central-1.on.aws"} {
		set, err := s.Uses(t.Context(), host)
		if err != nil || len(set.Failed()) > 0 || len(set.Answers) != 1 || len(set.Uses(host, "shop/api")) == 0 {
			t.Fatalf("%s: answers %v, error %v", host, set.Answers, err)
		}
		if !asked() {
			t.Errorf("%s: no source was asked", host)
		}
	}
	at = at.Add(app.UsageFresh - time.Second)
	if _, err := s.Uses(t.Context(), ecrHost); err != nil || asked() {
		t.Errorf("asked again within a minute, error %v", err)
	}
	at = at.Add(2 * time.Second)
	if _, err := s.Uses(t.Context(), ecrHost); err != nil || !asked() {
		t.Errorf("not asked again after a minute, error %v", err)
	}
	if set, err := s.Uses(t.Context(), "registry.example"); err != nil || len(set.Answers) != 0 {
		t.Errorf("another registry: %v, %v", set.Answers, err)
	}
}

// The digest that a service pinned has no tag any more, and only the index's
// child is what some machines report: both are kept.
func TestPlansOfECRKeepWhatRuns(t *testing.T) {
	s, _ := inAccount(t, sandbox.Epoch)
	b, err := s.Open(ecrHost)
	if err != nil {
		t.Fatal(err)
	}
	set, err := s.Uses(t.Context(), ecrHost)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, u := range set.Uses(ecrHost, "shop/worker") {
		d := u.Image.Digest
		if d == "" {
			continue
		}
		n++
		v, err := survey.View(t.Context(), b, "shop/worker", survey.Options{Referrers: true})
		if err != nil {
			t.Fatal(err)
		}
		selected := plan.Selection{Digests: append(v.Graph.Parents(d), d)}
		o, err := s.Planning(t.Context(), ecrHost, false)
		if err != nil {
			t.Fatal(err)
		}
		_, err = plan.ToDelete(v, selected, o)
		if !fault.Is(err, fault.InUse) || !strings.Contains(err.Error(), "is in use: ecs ") || output.ExitOf(err) != output.Refused {
			t.Errorf("%s: error %v", u, err)
		}
	}
	if n < 4 {
		t.Errorf("only %d uses by digest", n)
	}
}
