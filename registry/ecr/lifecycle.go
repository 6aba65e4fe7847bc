package ecr

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/model/fault"
	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/registry/ecr/sdk"
)

// LifecyclePolicy is the text of a repository's policy, "" where it has none
// (API reference, GetLifecyclePolicy).
func (c *Client) LifecyclePolicy(ctx context.Context, repo string) (string, error) {
	out, err := ask(ctx, c, sdk.Doing("read the lifecycle policy of", c.name(repo)), (*ecr.Client).GetLifecyclePolicy,
		&ecr.GetLifecyclePolicyInput{RegistryId: c.registry(), RepositoryName: &repo})
	if sdk.CodeOf(err) == "LifecyclePolicyNotFoundException" {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return aws.ToString(out.LifecyclePolicyText), nil
}

// SetLifecyclePolicy gives a repository another policy; "" takes it away (API
// reference, PutLifecyclePolicy and DeleteLifecyclePolicy). ECR acts on it
// within a day.
func (c *Client) SetLifecyclePolicy(ctx context.Context, repo, text string) error {
	if text == "" {
		o := sdk.Doing("delete the lifecycle policy of", c.name(repo))
		_, err := change(ctx, c, o, (*ecr.Client).DeleteLifecyclePolicy,
			&ecr.DeleteLifecyclePolicyInput{RegistryId: c.registry(), RepositoryName: &repo})
		if sdk.CodeOf(err) == "LifecyclePolicyNotFoundException" {
			return nil
		}
		return err
	}
	_, err := change(ctx, c, sdk.Doing("save the lifecycle policy of", c.name(repo)), (*ecr.Client).PutLifecyclePolicy,
		&ecr.PutLifecyclePolicyInput{RegistryId: c.registry(), RepositoryName: &repo, LifecyclePolicyText: &text})
	return err
}

// PreviewLifecycle has AWS say what a policy would do (API reference,
// StartLifecyclePolicyPreview and GetLifecyclePolicyPreview). It changes
// nothing, and takes seconds to minutes. There is one preview of a repository
// at a time: where another one gets in between, the error is of kind Drift.
func (c *Client) PreviewLifecycle(ctx context.Context, repo, text string) (map[ref.Digest]lifecycle.Verdict, error) {
	o := sdk.Doing("preview the lifecycle policy of", c.name(repo))
	_, err := ask(ctx, c, o, (*ecr.Client).StartLifecyclePolicyPreview, &ecr.StartLifecyclePolicyPreviewInput{
		RegistryId: c.registry(), RepositoryName: &repo, LifecyclePolicyText: &text,
	})
	if err != nil && sdk.CodeOf(err) != "LifecyclePolicyPreviewInProgressException" { // that one may be of the same text
		return nil, err
	}
	for wait := firstPoll; ; wait = min(2*wait, lastPoll) {
		if err := sdk.Pause(ctx, wait); err != nil {
			return nil, sdk.Failed(o, err)
		}
		found, done, err := c.previewed(ctx, o, repo, text)
		if done || err != nil {
			return found, err
		}
	}
}

// How often AWS is asked whether a preview is there.
const (
	firstPoll = 2 * time.Second
	lastPoll  = 10 * time.Second
)

// previewed reads the preview of a policy, once it is complete.
func (c *Client) previewed(
	ctx context.Context, o sdk.Op, repo, text string,
) (found map[ref.Digest]lifecycle.Verdict, done bool, err error) {
	found = map[ref.Digest]lifecycle.Verdict{}
	in := &ecr.GetLifecyclePolicyPreviewInput{
		RegistryId: c.registry(), RepositoryName: &repo, MaxResults: aws.Int32(previewPage),
	}
	err = o.Pages(func(token *string) (*string, error) {
		in.NextToken = token
		out, err := ask(ctx, c, o, (*ecr.Client).GetLifecyclePolicyPreview, in)
		if err != nil {
			return nil, err
		}
		if done, err = complete(o, out, text); !done || err != nil {
			return nil, err
		}
		for _, r := range out.PreviewResults {
			if d, err := ref.ParseDigest(aws.ToString(r.ImageDigest)); err == nil {
				found[d] = verdict(r)
			}
		}
		return out.NextToken, nil
	})
	if err != nil || !done {
		return nil, false, err
	}
	return found, true, nil
}

// previewPage is all that comes at once (API reference,
// GetLifecyclePolicyPreview).
const previewPage = 100

// complete tells whether the answer is whole and about the text that was asked
// for.
func complete(o sdk.Op, out *ecr.GetLifecyclePolicyPreviewOutput, text string) (bool, error) {
	if said := aws.ToString(out.LifecyclePolicyText); said != "" && !lifecycle.SameText(said, text) {
		return false, o.Failure(fault.Drift, "somebody else began another preview of this repository")
	}
	switch out.Status {
	case types.LifecyclePolicyPreviewStatusComplete:
		return true, nil
	case types.LifecyclePolicyPreviewStatusFailed:
		return false, o.Failure(fault.Unavailable, "AWS says that the preview has failed")
	case types.LifecyclePolicyPreviewStatusExpired:
		return false, o.Failure(fault.Unavailable, "AWS has dropped the preview")
	case types.LifecyclePolicyPreviewStatusInProgress:
	}
	return false, nil
}

func verdict(r types.LifecyclePolicyPreviewResult) lifecycle.Verdict {
	v := lifecycle.Verdict{Outcome: lifecycle.Expire, Priority: int(aws.ToInt32(r.AppliedRulePriority))}
	if r.Action != nil && r.Action.Type == types.ImageActionTypeTransition {
		v.Outcome = lifecycle.Transition
	}
	return v
}
