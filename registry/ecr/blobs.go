package ecr

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/ecr/sdk"
)

// available is whether a repository holds a layer, and how many bytes it has, 0 where the
// answer does not say.
type available struct {
	there bool
	bytes int64
}

// BlobExists reports whether a repository holds a config or layer, in the size that is
// said where one is. Those who ask at the same time ask together.
func (c *Client) BlobExists(ctx context.Context, repo string, d image.Descriptor) (bool, error) {
	found, err := c.layers.one(ctx, repo, d.Digest)
	return found.there && (found.bytes == 0 || d.HasSize(found.bytes)), err
}

// layerBatch asks for layers of one repository (API reference,
// BatchCheckLayerAvailability).
func (c *Client) layerBatch(ctx context.Context, repo string, digests []ref.Digest) []result[available] {
	in := &ecr.BatchCheckLayerAvailabilityInput{RegistryId: c.registry(), RepositoryName: &repo}
	for _, d := range digests {
		in.LayerDigests = append(in.LayerDigests, string(d))
	}
	out, err := ask(ctx, c, sdk.Doing("look for blobs of", c.name(repo)), (*ecr.Client).BatchCheckLayerAvailability, in)
	if err != nil {
		return all[available](len(digests), err)
	}
	there := map[string]available{}
	for _, l := range out.Layers {
		there[aws.ToString(l.LayerDigest)] = available{
			there: l.LayerAvailability == types.LayerAvailabilityAvailable, bytes: aws.ToInt64(l.LayerSize),
		}
	}
	results := make([]result[available], len(digests))
	for i, d := range digests {
		results[i].value = there[string(d)]
	}
	return results
}

// putBlob uploads a small blob in one part, unless it is there.
func (c *Client) putBlob(ctx context.Context, repo string, content []byte) error {
	d := ref.DigestOf(content)
	if there, err := c.BlobExists(ctx, repo, image.Descriptor{Digest: d}); there || err != nil {
		return err
	}
	o := sdk.Doing("push blob of", c.name(repo)+"@"+string(d))
	begun, err := change(ctx, c, o, (*ecr.Client).InitiateLayerUpload, &ecr.InitiateLayerUploadInput{
		RegistryId: c.registry(), RepositoryName: &repo,
	})
	if err != nil {
		return err
	}
	_, err = change(ctx, c, o, (*ecr.Client).UploadLayerPart, &ecr.UploadLayerPartInput{
		RegistryId: c.registry(), RepositoryName: &repo, UploadId: begun.UploadId, LayerPartBlob: content,
		PartFirstByte: aws.Int64(0), PartLastByte: aws.Int64(int64(len(content)) - 1),
	})
	if err != nil {
		return err
	}
	_, err = change(ctx, c, o, (*ecr.Client).CompleteLayerUpload, &ecr.CompleteLayerUploadInput{
		RegistryId: c.registry(), RepositoryName: &repo, UploadId: begun.UploadId, LayerDigests: []string{string(d)},
	})
	if sdk.CodeOf(err) == "LayerAlreadyExistsException" {
		return nil
	}
	return err
}
