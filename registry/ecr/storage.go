package ecr

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/model/ref"
)

// Archive moves an image to the archive, where it is at once and cannot be
// pulled (API reference, UpdateImageStorageClass).
func (c *Client) Archive(ctx context.Context, repo string, d ref.Digest) error {
	return c.store(ctx, op{"archive", c.name(repo) + "@" + string(d)}, repo, d, types.TargetStorageClassArchive)
}

// Restore begins to bring an image back from the archive, which takes up to
// twenty minutes: until then its storage is Restoring.
func (c *Client) Restore(ctx context.Context, repo string, d ref.Digest) error {
	return c.store(ctx, op{"restore", c.name(repo) + "@" + string(d)}, repo, d, types.TargetStorageClassStandard)
}

func (c *Client) store(ctx context.Context, o op, repo string, d ref.Digest, to types.TargetStorageClass) error {
	_, err := change(ctx, c, o, (*ecr.Client).UpdateImageStorageClass, &ecr.UpdateImageStorageClassInput{
		RegistryId: c.registry(), RepositoryName: &repo, TargetStorageClass: to,
		ImageId: &types.ImageIdentifier{ImageDigest: aws.String(string(d))},
	})
	return err
}
