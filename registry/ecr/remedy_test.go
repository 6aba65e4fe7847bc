package ecr_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"regatta/registry/ecr/sdk"

	"github.com/aws/aws-sdk-go-v2/aws"

	"regatta/model/fault"
	"regatta/registry/sandbox"
)

// What stands in the way of AWS says in a sentence what it is, and the command
// that helps.
func TestWhatHelps(t *testing.T) {
	t.Parallel()
	answer := func(code string) sandbox.Effect { return sandbox.APIError{Code: code, Message: "no"} }
	for name, tt := range map[string]struct {
		effect sandbox.Effect
		kind   fault.Kind
		helps  string
	}{
		"expired":         {answer("ExpiredTokenException"), fault.Auth, "aws sso login"},
		"an unknown key":  {answer("UnrecognizedClientException"), fault.Auth, "aws sts get-caller-identity"},
		"clock skew":      {answer("InvalidSignatureException"), fault.Auth, "date -u"},
		"an old request":  {answer("RequestExpired"), fault.Auth, "date -u"},
		"a closed region": {answer("OptInRequired"), fault.Denied, "aws account enable-region"},
		"a wrong region":  {answer("RepositoryNotFoundException"), fault.NotFound, "region"},
		"a proxy":         {sandbox.HTML(http.StatusOK), fault.Protocol, "HTTPS_PROXY"},
	} {
		w := open(t, nil)
		w.push("one")
		w.sandbox.Inject(sandbox.Fault{Effect: tt.effect})
		_, err := w.Images(t.Context(), "app", "")
		if got := fault.AdviceOf(err); !fault.Is(err, tt.kind) || !strings.Contains(got, tt.helps) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v; advice %q", name, err, got)
		}
	}
}

// Without credentials the advice is about AWS and not about docker; for SSO it is
// the very command.
func TestWhatHelpsWithoutCredentials(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	for reason, want := range map[string]string{
		"the SSO session has expired or is invalid": "run `aws sso login`; it goes on by itself then",
		"failed to find anything":                   "aws configure list-profiles",
	} {
		c := w.client(t, func(_ context.Context, region string) (aws.Config, error) {
			return aws.Config{Region: region, Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{}, errors.New(reason)
			})}, nil
		})
		if _, err := c.Images(t.Context(), "app", ""); !fault.Is(err, fault.Auth) || !strings.Contains(fault.AdviceOf(err), want) {
			t.Errorf("%v; advice %q", err, fault.AdviceOf(err))
		}
	}
	lost := sdk.Config(func(context.Context, string) (aws.Config, error) {
		return aws.Config{}, errors.New("failed to get shared config profile, nobody")
	})
	if _, err := sdk.AskCaller(t.Context(), lost, w.transport, "eu-central-1", "nobody"); !strings.Contains(fault.AdviceOf(err), "aws configure list-profiles") {
		t.Errorf("%v; advice %q", err, fault.AdviceOf(err))
	}
}
