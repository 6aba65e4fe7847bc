package sdk_test

import (
	"strings"
	"testing"

	"regatta/registry/ecr/sdk"

	"github.com/google/go-cmp/cmp"

	"regatta/registry/ecr"
)

const sharedConfig = "\ufeff" + `# comment
[default]
region = eu-central-1

[profile prod]
sso_session = company
sso_account_id = 111122223333
sso_role_name = Deploy
region=us-gov-west-1

[sso-session company]
sso_start_url = https://company.awsapps.com/start
region = eu-west-1

[profile deploy] # by CI
role_arn = arn:aws:iam::444455556666:role/deploy
source_profile = prod
services =
  region = nested-values-are-not-the-profile's-9

[profile "quoted name"]
region = eu-west-1

[profile tool]
credential_process = /usr/bin/tool
region = not a region
sso_account_id = 12

[services local]
`

func TestParseProfiles(t *testing.T) {
	t.Parallel()
	want := []sdk.Profile{
		{Name: "default", Region: "eu-central-1", Kind: "keys"},
		{Name: "prod", Region: "us-gov-west-1", Account: "111122223333", Kind: "sso"},
		{Name: "deploy", Account: "444455556666", Kind: "role"},
		{Name: "tool", Kind: "process"},
		{Name: "old", Kind: "keys"},
	}
	credentials := "[old]\naws_access_key_id = AKIA\naws_secret_access_key = secret\n[default]\naws_access_key_id = x\n"
	got := sdk.ParseProfiles([]byte(sharedConfig), []byte(credentials))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if none := sdk.ParseProfiles(nil, nil); len(none) != 0 {
		t.Errorf("%v", none)
	}
}

func TestHostOf(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"eu-central-1":  "111122223333.dkr.ecr.eu-central-1.amazonaws.com",
		"cn-north-1":    "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn",
		"us-gov-west-1": "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com",
	} {
		got := ecr.HostOf("111122223333", region)
		if h, ok := ecr.ParseHost(got); got != want || !ok || h.Region != region {
			t.Errorf("%s: %s", region, got)
		}
	}
}

// What the files hold becomes names that a context may have.
func FuzzParseProfiles(f *testing.F) {
	f.Add(sharedConfig)
	f.Add("[profile a]\nregion = x\n[")
	f.Add("[default\n= =\n[profile ]")
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range sdk.ParseProfiles([]byte(text), []byte(text)) {
			if p.Name == "" || strings.ContainsAny(p.Name, " \t\n") || p.Kind == "" {
				t.Fatalf("%+v", p)
			}
			if p.Account != "" {
				if _, ok := ecr.ParseHost(ecr.HostOf(p.Account, "eu-central-1")); !ok {
					t.Fatalf("%+v", p)
				}
			}
		}
	})
}
