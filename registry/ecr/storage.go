package ecr

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/ecr/sdk"
)

// Archive moves an image to the archive, where it is at once and cannot be
// pulled (API reference, UpdateImageStorageClass).
func (c *Client) Archive(ctx context.Context, repo string, d ref.Digest) error {
	return c.store(ctx, sdk.Doing("archive", c.name(repo)+"@"+string(d)), repo, d, types.TargetStorageClassArchive)
}

// Restore begins to bring an image back from the archive, which takes up to
// twenty minutes: until then its storage is Restoring.
func (c *Client) Restore(ctx context.Context, repo string, d ref.Digest) error {
	return c.store(ctx, sdk.Doing("restore", c.name(repo)+"@"+string(d)), repo, d, types.TargetStorageClassStandard)
}

func (c *Client) store(ctx context.Context, o sdk.Op, repo string, d ref.Digest, to types.TargetStorageClass) error {
	_, err := change(ctx, c, o, (*ecr.Client).UpdateImageStorageClass, &ecr.UpdateImageStorageClassInput{
		RegistryId: c.registry(), RepositoryName: &repo, TargetStorageClass: to,
		ImageId: &types.ImageIdentifier{ImageDigest: aws.String(string(d))},
	})
	return err
}

// Storages tells where images are, a hundred at most. What is not there is left
// out.
func (c *Client) Storages(
	ctx context.Context, repo string, digests []ref.Digest,
) (map[ref.Digest]image.Storage, error) {
	in := &ecr.DescribeImagesInput{RepositoryName: &repo}
	for _, d := range digests {
		in.ImageIds = append(in.ImageIds, types.ImageIdentifier{ImageDigest: aws.String(string(d))})
	}
	out, err := c.describe(ctx, sdk.Doing("look where images are stored of", c.name(repo)), in)
	if fault.Is(err, fault.NotFound) && len(digests) > 1 { // the API names no other then
		return c.storagesApart(ctx, repo, digests)
	}
	found := map[ref.Digest]image.Storage{}
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			return found, nil
		}
		return nil, err
	}
	for _, d := range out.ImageDetails {
		if img, ok := row(d); ok {
			found[img.Digest] = img.Storage
		}
	}
	return found, nil
}

// storagesApart looks at images one by one, where one of them is gone.
func (c *Client) storagesApart(
	ctx context.Context, repo string, digests []ref.Digest,
) (map[ref.Digest]image.Storage, error) {
	found := map[ref.Digest]image.Storage{}
	for _, d := range digests {
		one, err := c.Storages(ctx, repo, []ref.Digest{d})
		if err != nil {
			return nil, err
		}
		maps.Copy(found, one)
	}
	return found, nil
}
