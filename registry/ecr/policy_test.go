package ecr_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	service "github.com/aws/aws-sdk-go-v2/service/ecr"

	"regatta/model/fault"
	"regatta/registry/sandbox"
)

// No policy is no error, and what is there comes as it was written.
func TestPolicies(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.push("one", "v1")
	for name, read := range map[string]func() (string, error){
		"repository": func() (string, error) { return w.RepositoryPolicy(t.Context(), "app") },
		"registry":   func() (string, error) { return w.RegistryPolicy(t.Context()) },
	} {
		if got, err := read(); got != "" || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	policy := `{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"}]}`
	if _, err := w.api().SetRepositoryPolicy(t.Context(), &service.SetRepositoryPolicyInput{
		RepositoryName: aws.String("app"), PolicyText: &policy,
	}); err != nil {
		t.Fatal(err)
	}
	if got, err := w.RepositoryPolicy(t.Context(), "app"); got != policy || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := w.RepositoryPolicy(t.Context(), "none"); !fault.Is(err, fault.NotFound) {
		t.Errorf("of no repository: %v", err)
	}
	if a := w.AccessTo("app"); a.ARN != "arn:aws:ecr:eu-central-1:111122223333:repository/app" || a.Account != "111122223333" {
		t.Errorf("named %+v", a)
	}
}

// A permission that is missing is told by its name.
func TestPoliciesDenied(t *testing.T) {
	t.Parallel()
	w := open(t, func(o *sandbox.Options) {
		o.Account.Keys = map[string]sandbox.Role{"AKIAEXAMPLE": {Denied: []string{"ecr:Get*Policy"}}}
	})
	w.push("one", "v1")
	_, err := w.RepositoryPolicy(t.Context(), "app")
	if !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "the permission ecr:GetRepositoryPolicy is missing") {
		t.Errorf("error %v", err)
	}
	_, err = w.RegistryPolicy(t.Context())
	if !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), "the permission ecr:GetRegistryPolicy is missing") {
		t.Errorf("error %v", err)
	}
}
