package cli

import (
	"net/http"
	"strings"
	"testing"

	"regatta/registry/ecr/sdk"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	service "github.com/aws/aws-sdk-go-v2/service/ecr"

	"regatta/cmd/app/doctor"
	"regatta/registry/sandbox"
)

// The command that leaves one's role out of pull times is named, and is not once
// it was run.
func TestDoctorOffersToLeaveARoleOut(t *testing.T) {
	s, rg := inAccount(t, sandbox.Epoch)
	e := doctor.Examine(s, ecrHost)
	f := e.Pulls(t.Context())
	_, principal, found := strings.Cut(f.Advice, "aws ecr register-pull-time-update-exclusion --principal-arn ")
	principal, _, _ = strings.Cut(principal, " ")
	if !found || !strings.HasPrefix(principal, "arn:aws:iam::111122223333:") || !strings.Contains(f.Advice, "--region eu-central-1") {
		t.Fatalf("%+v", f)
	}
	api := service.New(service.Options{
		Region: "eu-central-1", HTTPClient: &http.Client{Transport: rg.Transport()},
		Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "secret", ""),
	})
	if _, err := api.RegisterPullTimeUpdateExclusion(t.Context(), &service.RegisterPullTimeUpdateExclusionInput{
		PrincipalArn: aws.String(principal),
	}); err != nil {
		t.Fatal(err)
	}
	if f = e.Pulls(t.Context()); f.Advice != "" || !strings.Contains(f.Message, "moves no pull times") {
		t.Errorf("%+v", f)
	}
}

func TestPrincipals(t *testing.T) {
	t.Parallel()
	for arn, want := range map[string]string{
		"arn:aws:sts::111122223333:assumed-role/deploy/jane":        "arn:aws:iam::111122223333:role/deploy",
		"arn:aws-cn:sts::111122223333:assumed-role/AWSReserved_x/j": "arn:aws-cn:iam::111122223333:role/AWSReserved_x",
		"arn:aws:iam::111122223333:user/jane":                       "arn:aws:iam::111122223333:user/jane",
		"nobody":                                                    "nobody",
	} {
		if got := (sdk.Caller{Account: "111122223333", ARN: arn}).Principal(); got != want {
			t.Errorf("%s is %s, want %s", arn, got, want)
		}
	}
}
