//go:build unix

package ecr_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"regatta/registry/ecr/sdk"

	"regatta/model/fault"
	"regatta/registry/httpx"
	"regatta/registry/sandbox"
)

// printing makes a profile "p" whose credential_process is a script, and a
// profile "role" that assumes a role with what it gives.
func printing(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tool := write("tool", "#!/bin/sh\n"+script)
	t.Setenv("AWS_CONFIG_FILE", write("config", fmt.Sprintf(`[profile p]
region = eu-central-1
credential_process = %s
[profile role]
region = eu-central-1
role_arn = arn:aws:iam::111122223333:role/deploy
source_profile = p
`, tool)))
}

// printed is a credential_process's answer with secrets in it.
const printed = `{\"Version\": 1, \"AccessKeyId\": \"AKIACANARYCANARY1234\", \"SecretAccessKey\": \"CANARY/k+y\", \"SessionToken\": \"CANARYtoken\"}`

// Whatever a credential_process prints, in whatever form, none of it is in an
// error, in what errors wrap or in their advice.
func TestWhatAProcessPrintsIsInNoError(t *testing.T) {
	for name, tt := range map[string]struct {
		script string
		want   string
		kind   fault.Kind
	}{
		"a line before the JSON": {`echo "signing in"; echo "` + printed + `"`, "does not print JSON", fault.Auth},
		"a line after it":        {`echo "` + printed + `"; echo CANARY`, "does not print JSON", fault.Auth},
		"the environment's form": {"echo AWS_ACCESS_KEY_ID=AKIACANARYCANARY1234; echo AWS_SECRET_ACCESS_KEY=CANARY", "does not print JSON", fault.Auth},
		"tabs":                   {`printf 'AKIACANARYCANARY1234\tCANARY\tCANARY\n'`, "does not print JSON", fault.Auth},
		"another version":        {`echo "` + strings.Replace(printed, "1,", "2,", 1) + `"`, `"Version": 1`, fault.Auth},
		"no key":                 {`echo '{"Version": 1, "SecretAccessKey": "CANARY"}'`, "no AccessKeyId", fault.Auth},
		"another type":           {`echo '{"Version": 1, "AccessKeyId": ["CANARY"]}'`, "does not print JSON", fault.Auth},
		"a complaint":            {`echo "SecretAccessKey: CANARY is wrong" >&2; echo CANARY; exit 1`, "failed: SecretAccessKey: …", fault.Auth},
		"nothing":                {"exit 3", "exit status 3", fault.Auth},
		"no end":                 {`while :; do echo "` + printed + `"; done`, "was ended", fault.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			bare(t)
			printing(t, tt.script)
			transport := httpx.New(httpx.Options{Now: sandbox.Epoch})
			for _, profile := range []string{"p", "role"} {
				_, err := sdk.AskCaller(t.Context(), sdk.Load(transport, profile), transport, "eu-central-1", profile)
				wantFault(t, err, tt.kind, tt.want)
				if all := everything(err); strings.Contains(all, "CANARY") {
					t.Errorf("leaked: %s", all)
				}
			}
		})
	}
}

// everything is all that can be printed of an error.
func everything(err error) string {
	var all strings.Builder
	all.WriteString(fault.AdviceOf(err))
	for err != nil {
		fmt.Fprintf(&all, "\n%v %+v %#v", err, err, err)
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			break
		}
		err = u.Unwrap()
	}
	return all.String()
}

// What it is meant to print signs in.
func TestProcessSignsIn(t *testing.T) {
	bare(t)
	printing(t, `echo '{"Version": 1, "AccessKeyId": "AKIAEXAMPLE", "SecretAccessKey": "secret", "Expiration": "2099-01-01T00:00:00Z"}'`)
	rg := sandbox.New(sandbox.Options{Now: sandbox.Epoch})
	server := httptest.NewServer(rg)
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	transport := httpx.New(httpx.Options{Now: sandbox.Epoch})
	who, err := sdk.AskCaller(t.Context(), sdk.Load(transport, "p"), transport, "eu-central-1", "p")
	if err != nil || who.Account == "" {
		t.Errorf("%+v, %v", who, err)
	}
	found, err := sdk.Load(transport, "p")(t.Context(), "eu-central-1")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := found.Credentials.Retrieve(t.Context())
	if err != nil || keys.AccessKeyID != "AKIAEXAMPLE" || keys.SecretAccessKey != "secret" || !keys.CanExpire {
		t.Errorf("%+v, %v", keys.AccessKeyID, err)
	}
}
