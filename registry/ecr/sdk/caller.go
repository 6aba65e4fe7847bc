package sdk

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"regatta/model/fault"
)

// Caller is who credentials belong to.
type Caller struct {
	Account string // twelve digits
	ARN     string // of the user or of the role's session
}

// Name is the end of the ARN, which people know each other by: "deploy/jane" of
// a role, "jane" of a user.
func (c Caller) Name() string {
	_, name, ok := strings.Cut(c.ARN, "/")
	if !ok {
		return c.ARN
	}
	return name
}

// AskCaller asks whose the credentials of a profile are (STS API reference,
// GetCallerIdentity, which needs no permission).
func AskCaller(ctx context.Context, load Config, through http.RoundTripper, region, profile string) (Caller, error) {
	o := Doing("ask who one is as", cmp.Or(profile, "the default profile"))
	found, err := load(ctx, region)
	if err != nil {
		f := o.Failure(fault.Auth, said(err))
		f.Advice = signInHelp
		return Caller{}, f
	}
	found.HTTPClient = &http.Client{Transport: through}
	if found.Region == "" {
		found.Region = region
	}
	if found.Credentials != nil {
		found.Credentials = aws.NewCredentialsCache(guarded{CredentialsProvider: found.Credentials, profile: profile})
	}
	out, err := sts.NewFromConfig(found).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return Caller{}, Failed(o, err)
	}
	caller := Caller{Account: Clean(aws.ToString(out.Account)), ARN: Clean(aws.ToString(out.Arn))}
	if !twelveDigits.MatchString(caller.Account) {
		return caller, o.Failure(fault.Protocol, "the answer names no account")
	}
	return caller, nil
}

// Principal is who the caller is to policies: the role of a session that assumed
// it. The path of a role is not in the ARN of its sessions, and so not here (IAM
// user guide, identifiers).
func (c Caller) Principal() string {
	parts := strings.SplitN(c.ARN, ":", arnParts)
	if len(parts) < arnParts {
		return c.ARN
	}
	name, assumed := strings.CutPrefix(parts[arnParts-1], "assumed-role/")
	if !assumed {
		return c.ARN
	}
	role, _, _ := strings.Cut(name, "/")
	return "arn:" + parts[1] + ":iam::" + c.Account + ":role/" + role
}

// arnParts is how many parts an ARN has.
const arnParts = 6
