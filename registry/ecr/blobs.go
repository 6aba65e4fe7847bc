package ecr

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/model/ref"
)

// BlobExists reports whether a repository holds a config or layer. Those who
// ask at the same time ask together.
func (c *Client) BlobExists(ctx context.Context, repo string, d ref.Digest) (bool, error) {
	return c.layers.one(ctx, repo, d)
}

// layerBatch asks for layers of one repository (API reference,
// BatchCheckLayerAvailability).
func (c *Client) layerBatch(ctx context.Context, repo string, digests []ref.Digest) []result[bool] {
	in := &ecr.BatchCheckLayerAvailabilityInput{RegistryId: c.registry(), RepositoryName: &repo}
	for _, d := range digests {
		in.LayerDigests = append(in.LayerDigests, string(d))
	}
	out, err := ask(ctx, c, op{"look for blobs of", c.name(repo)}, (*ecr.Client).BatchCheckLayerAvailability, in)
	if err != nil {
		return all[bool](len(digests), err)
	}
	there := map[string]bool{}
	for _, l := range out.Layers {
		there[aws.ToString(l.LayerDigest)] = l.LayerAvailability == types.LayerAvailabilityAvailable
	}
	results := make([]result[bool], len(digests))
	for i, d := range digests {
		results[i].value = there[string(d)]
	}
	return results
}

// putBlob uploads a small blob in one part, unless it is there.
func (c *Client) putBlob(ctx context.Context, repo string, content []byte) error {
	d := ref.DigestOf(content)
	if there, err := c.BlobExists(ctx, repo, d); there || err != nil {
		return err
	}
	o := op{"push blob of", c.name(repo) + "@" + string(d)}
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
	if codeOf(err) == "LayerAlreadyExistsException" {
		return nil
	}
	return err
}
