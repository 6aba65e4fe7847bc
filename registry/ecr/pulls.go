package ecr

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"regatta/model/text"
	"regatta/registry/ecr/sdk"
)

// PullTimes tells whether what one reads counts as pulling: who one is to the
// registry, and whether pulls of theirs are left out of pull times (API
// reference, ListPullTimeUpdateExclusions). leaveOut is the command that does so.
func (c *Client) PullTimes(ctx context.Context) (principal string, left bool, leaveOut string, err error) {
	who, err := c.Caller(ctx)
	if err != nil {
		return "", false, "", err
	}
	principal = who.Principal()
	leaveOut = text.Command(slices.Concat([]string{
		"aws", "ecr", "register-pull-time-update-exclusion", "--principal-arn", principal, "--region", c.host.Region,
	}, c.profileFlag()))
	o := sdk.Doing("list whose pulls do not count in", c.Host())
	in := &ecr.ListPullTimeUpdateExclusionsInput{MaxResults: aws.Int32(pageSize)}
	err = o.Pages(func(token *string) (*string, error) {
		in.NextToken = token
		out, err := ask(ctx, c, o, (*ecr.Client).ListPullTimeUpdateExclusions, in)
		if err != nil {
			return nil, err
		}
		left = left || slices.Contains(out.PullTimeUpdateExclusions, principal)
		return out.NextToken, nil
	})
	return principal, left, leaveOut, err
}

func (c *Client) profileFlag() []string {
	if c.o.Profile == "" {
		return nil
	}
	return []string{"--profile", c.o.Profile}
}
