package sandbox_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
)

// Parameters beyond the documented limits are refused in the documented words.
func TestLimits(t *testing.T) {
	t.Parallel()
	c, _ := began(t)
	c.PushImage("app", one("a"))
	app := aws.String("app")
	invalid := func(parameter, constraint string) string {
		return "Invalid parameter at '" + parameter + "' failed to satisfy constraint: '" + constraint + "'"
	}
	tests := map[string]struct {
		call func(context.Context) error
		text string
	}{
		"page of none": {func(ctx context.Context) error {
			_, err := c.ecr.DescribeImages(ctx, &ecr.DescribeImagesInput{RepositoryName: app, MaxResults: aws.Int32(0)})
			return err
		}, invalid("maxResults", "Member must have value greater than or equal to 1")},
		"page of 1001": {func(ctx context.Context) error {
			_, err := c.ecr.DescribeImages(ctx, &ecr.DescribeImagesInput{RepositoryName: app, MaxResults: aws.Int32(1001)})
			return err
		}, invalid("maxResults", "Member must have value less than or equal to 1000")},
		"images with a page": {func(ctx context.Context) error {
			_, err := c.ecr.DescribeImages(ctx, &ecr.DescribeImagesInput{
				RepositoryName: app, MaxResults: aws.Int32(10), ImageIds: []types.ImageIdentifier{{ImageTag: aws.String("v1")}},
			})
			return err
		}, invalid("maxResults", "This option cannot be used when you specify images with imageIds.")},
		"foreign token": {func(ctx context.Context) error {
			_, err := c.ecr.ListImages(ctx, &ecr.ListImagesInput{RepositoryName: app, NextToken: aws.String("x")})
			return err
		}, invalid("nextToken", "Invalid nextToken")},
		"repositories of 1001": {func(ctx context.Context) error {
			_, err := c.ecr.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{MaxResults: aws.Int32(1001)})
			return err
		}, invalid("maxResults", "Member must have value less than or equal to 1000")},
		"referrers of 51": {func(ctx context.Context) error {
			_, err := c.ecr.ListImageReferrers(ctx, &ecr.ListImageReferrersInput{
				RepositoryName: app, MaxResults: aws.Int32(51), SubjectId: &types.SubjectIdentifier{ImageDigest: aws.String(noDigest)},
			})
			return err
		}, invalid("maxResults", "Member must have value less than or equal to 50")},
		"no images at all": {func(ctx context.Context) error {
			_, err := c.ecr.BatchGetImage(ctx, &ecr.BatchGetImageInput{RepositoryName: app, ImageIds: []types.ImageIdentifier{}})
			return err
		}, invalid("imageIds", "Member must have length greater than or equal to 1")},
		"short name": {func(ctx context.Context) error {
			_, err := c.ecr.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: aws.String("a")})
			return err
		}, invalid("repositoryName", "Member must have length greater than or equal to 2")},
		"wrong name": {func(ctx context.Context) error {
			_, err := c.ecr.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: aws.String("App")})
			return err
		}, ""},
		"manifest of 4 MiB and a byte": {func(ctx context.Context) error {
			_, err := c.ecr.PutImage(ctx, &ecr.PutImageInput{
				RepositoryName: app, ImageManifest: aws.String(strings.Repeat(" ", 4<<20+1)),
			})
			return err
		}, invalid("imageManifest", "Member must have length less than or equal to 4194304")},
		"short lifecycle policy": {func(ctx context.Context) error {
			_, err := c.ecr.PutLifecyclePolicy(ctx, &ecr.PutLifecyclePolicyInput{RepositoryName: app, LifecyclePolicyText: aws.String("{}")})
			return err
		}, invalid("LifecyclePolicyText", "Member must have length greater than or equal to 100")},
		"policy that is none": {func(ctx context.Context) error {
			_, err := c.ecr.SetRepositoryPolicy(ctx, &ecr.SetRepositoryPolicyInput{RepositoryName: app, PolicyText: aws.String("x")})
			return err
		}, invalid("PolicyText", "Invalid repository policy provided")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantCode(t, tt.call(t.Context()), "InvalidParameterException", tt.text)
		})
	}
}
