package ecr

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"regatta/model/access"
	"regatta/model/fault"
	"regatta/model/text"
	"regatta/registry/ecr/sdk"
)

// RepositoryPolicy is the policy of a repository as it is written, "" if it has
// none.
func (c *Client) RepositoryPolicy(ctx context.Context, repo string) (string, error) {
	o := sdk.Doing("read the policy of", c.name(repo))
	out, err := ask(ctx, c, o, (*ecr.Client).GetRepositoryPolicy, &ecr.GetRepositoryPolicyInput{
		RegistryId: c.registry(), RepositoryName: &repo,
	})
	switch {
	case sdk.CodeOf(err) == "RepositoryPolicyNotFoundException":
		return "", nil
	case err != nil:
		return "", err
	}
	return text.CleanLines(aws.ToString(out.PolicyText)), nil
}

// RegistryPolicy is the policy of the registry, "" if it has none. It is that of
// the account that asks (API reference, GetRegistryPolicy).
func (c *Client) RegistryPolicy(ctx context.Context) (string, error) {
	o := sdk.Doing("read the registry policy of", c.Host())
	out, err := ask(ctx, c, o, (*ecr.Client).GetRegistryPolicy, &ecr.GetRegistryPolicyInput{})
	switch {
	case sdk.CodeOf(err) == "RegistryPolicyNotFoundException":
		return "", nil
	case err != nil:
		return "", err
	case out.RegistryId != nil && *out.RegistryId != c.host.Account:
		return "", o.Failure(fault.Unsupported, "it belongs to another account than who asks")
	}
	return text.CleanLines(aws.ToString(out.PolicyText)), nil
}

// AccessTo is a repository as policies name it.
func (c *Client) AccessTo(repo string) access.Repository {
	return access.Repository{
		ARN:     "arn:" + c.host.Partition + ":ecr:" + c.host.Region + ":" + c.host.Account + ":repository/" + repo,
		Account: c.host.Account,
	}
}
