package cli

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"regatta/cmd/app"
	"regatta/cmd/cli/demo"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/retention"
	"regatta/cmd/config"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

const savedPolicyText = `{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any",
	"countType": "imageCountMoreThan", "countNumber": 30}, "action": {"type": "expire"}}]}`

// previewOn previews the policies that repositories of an account have, AWS's
// own preview beside it. Only shop/mailer has one.
func previewOn(t *testing.T, role sandbox.Role, repositories ...string) (out, errOut string, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		now := demo.ClockFrom(time.Now(), sandbox.Epoch(), time.Now)
		o := sandbox.Options{Now: now}
		o.Account.Keys = map[string]sandbox.Role{"AKIADEMO": role}
		reg := sandbox.New(o)
		defer func() { _ = reg.Close() }()
		reg.SetLifecycle("shop/mailer", savedPolicyText)
		c := config.Default()
		c.Cache.Path = store.Memory
		s := app.New(now, c, app.Flags{})
		s.Base, s.AWS = reg.Transport(), demo.Credentials
		defer func() { _ = s.Close() }()
		var printed, said bytes.Buffer
		p := &retention.Previewer{App: s, Streams: output.Streams{
			Out: &printed, Err: &said, Env: func(string) string { return "" },
		}}
		p.Options = retention.PreviewOptions{Output: output.Table, At: now(), Yes: true, AWS: true}
		for _, name := range repositories {
			p.Options.Targets = append(p.Options.Targets, demo.Account+"/"+name)
		}
		if p.Options.Many() {
			err = p.Several(t.Context())
		} else {
			err = p.Single(t.Context())
		}
		for _, r := range reg.Requests() {
			for _, change := range []string{"Put", "BatchDelete", "Upload", "Create"} {
				if strings.Contains(r.Operation, change) {
					t.Errorf("a preview asked for %s", r.Operation)
				}
			}
		}
		out, errOut = printed.String(), said.String()
	})
	return out, errOut, err
}

// Without a file, the policy that a repository has is what is previewed.
func TestPreviewOfTheSavedPolicy(t *testing.T) {
	t.Parallel()
	out, errOut, err := previewOn(t, sandbox.Role{}, "shop/mailer")
	if err != nil || !strings.Contains(out, "transition 0, keep ") || !strings.Contains(out, "AWS says the same") {
		t.Errorf("%v: %s\n%s", err, errOut, out)
	}
}

// A role that may read the policy and not have AWS preview it is shown what is
// worked out here, and is told so.
func TestPreviewWithoutPermissionForAWSs(t *testing.T) {
	t.Parallel()
	role := sandbox.Role{Denied: []string{"ecr:StartLifecyclePolicyPreview"}}
	out, errOut, err := previewOn(t, role, "shop/mailer")
	if err != nil || !strings.Contains(out, "transition 0, keep ") || strings.Contains(out, "AWS") {
		t.Errorf("%v:\n%s", err, out)
	}
	for _, want := range []string{"ecr:StartLifecyclePolicyPreview", "worked out on this machine alone"} {
		if !strings.Contains(errOut, want) {
			t.Errorf("stderr %q", errOut)
		}
	}
}

// One repository that has no policy does not hide another.
func TestPreviewOfSeveralSavedPolicies(t *testing.T) {
	t.Parallel()
	out, errOut, err := previewOn(t, sandbox.Role{}, "shop/mailer", "shop/api")
	if output.ExitOf(err) != output.Partly {
		t.Errorf("%v", err)
	}
	for _, want := range []string{"2 repositories: ", "it has none; name the file of one with --policy", "AWS says the same"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s\n%s", want, out, errOut)
		}
	}
}
