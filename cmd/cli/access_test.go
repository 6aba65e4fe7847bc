package cli

import (
	"context"
	"strings"
	"testing"

	who "regatta/cmd/app/access"

	"regatta/cmd/cli/browse"
	"regatta/model/access"
	"regatta/model/fault"
	"regatta/model/setting"
)

// told are policies, or why they cannot be read.
type told struct {
	repository, registry string
	refused              error
	missing              []error
}

func (p told) RepositoryPolicy(context.Context, string) (string, error) { return p.repository, nil }
func (p told) RegistryPolicy(context.Context) (string, error)           { return p.registry, p.refused }

func (p told) Settings(context.Context, string) (setting.Repository, error) {
	return setting.Repository{Missing: p.missing}, nil
}

func (p told) AccessTo(repo string) access.Repository {
	return access.Repository{ARN: "arn:aws:ecr:eu-central-1:111122223333:repository/" + repo, Account: "111122223333"}
}

// What one policy says is there, whatever is wrong with the other.
func TestAccessInParts(t *testing.T) {
	t.Parallel()
	const public = `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]}}`
	for name, tt := range map[string]struct {
		told

		failed     string
		principals int
	}{
		"both are there": {told{repository: public, registry: public}, "", 1},
		"denied":         {told{repository: public, refused: &fault.Error{Kind: fault.Denied, Detail: "the permission ecr:GetRegistryPolicy is missing"}}, "ecr:GetRegistryPolicy is missing", 1},
		"malformed":      {told{repository: "{\n  \"Statement\": oops}", registry: public}, "read the repository policy of " + ecrHost + "/shop/api: not a registry's answer: it is no policy: line 2, column 16: invalid character 'o'", 1},
		"none":           {told{}, "", 0},
		"settings":       {told{repository: public, missing: []error{&fault.Error{Kind: fault.Denied, Detail: "the permission ecr:DescribeRegistry is missing"}}}, "ecr:DescribeRegistry is missing", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := refOf(t, ecrHost+"/shop/api")
			doc, failed := browse.AccessDocument(r, who.Read(t.Context(), tt.told, r), browse.ReadSettings(t.Context(), tt.told, r))
			if len(doc.Principals) != tt.principals {
				t.Errorf("principals %v", doc.Principals)
			}
			var why []string
			for _, f := range failed.List {
				why = append(why, f.Err.Error())
			}
			if got := strings.Join(why, "; "); !strings.Contains(got, tt.failed) || (tt.failed == "") != (got == "") {
				t.Errorf("failed %q, want %q", got, tt.failed)
			}
			var out strings.Builder
			doc.Write(&out)
			if tt.principals == 1 && !strings.Contains(out.String(), "PUBLIC") {
				t.Errorf("a public repository is not marked:\n%s", out.String())
			}
		})
	}
}
