package ecr

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
	o := op{"ask who one is as", cmp.Or(profile, "the default profile")}
	found, err := load(ctx, region)
	if err != nil {
		f := o.failure(fault.Auth, said(err))
		f.Advice = signInHelp
		return Caller{}, f
	}
	found.HTTPClient = &http.Client{Transport: through}
	if found.Region == "" {
		found.Region = region
	}
	if found.Credentials != nil {
		found.Credentials = aws.NewCredentialsCache(guarded{found.Credentials, profile})
	}
	out, err := sts.NewFromConfig(found).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return Caller{}, failed(o, err)
	}
	caller := Caller{Account: clean(aws.ToString(out.Account)), ARN: clean(aws.ToString(out.Arn))}
	if !twelveDigits.MatchString(caller.Account) {
		return caller, o.failure(fault.Protocol, "the answer names no account")
	}
	return caller, nil
}

// HostOf is the private registry of an account in a region.
func HostOf(account, region string) string {
	return Host{Account: account, Region: region, Partition: partitionOf(region)}.String()
}

// Caller is who the client's credentials belong to.
func (c *Client) Caller(ctx context.Context) (Caller, error) {
	return AskCaller(ctx, c.o.Config, c.o.OCI.Transport, c.host.Region, c.o.Profile)
}
