package ecr

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/ecr/sdk"
)

// manifests implements oci.API: what the registry's endpoints tell of one
// manifest, the API tells of many.
type manifests struct{ c *Client }

// Resolve asks DescribeImages, which is no pull. It does not tell the size.
func (m manifests) Resolve(ctx context.Context, repo, reference string) (image.Descriptor, error) {
	img, err := m.c.one(ctx, sdk.Doing("look up", m.c.name(repo)+separator(reference)+reference), repo, reference)
	if err != nil {
		return image.Descriptor{}, err
	}
	return image.Descriptor{MediaType: img.MediaType, ArtifactType: img.ArtifactType, Digest: img.Digest}, nil
}

// one describes the image that a tag or digest names.
func (c *Client) one(ctx context.Context, o sdk.Op, repo, reference string) (image.Image, error) {
	out, err := c.describe(ctx, o, &ecr.DescribeImagesInput{
		RepositoryName: &repo, ImageIds: []types.ImageIdentifier{identifier(reference)},
	})
	if err != nil {
		return image.Image{}, err
	}
	for _, d := range out.ImageDetails {
		if img, ok := row(d); ok {
			return img, nil
		}
	}
	return image.Image{}, o.Failure(fault.NotFound, "")
}

// TagsOf is what tags an image has now.
func (c *Client) TagsOf(ctx context.Context, repo string, d ref.Digest) ([]string, error) {
	img, err := c.one(ctx, sdk.Doing("look up the tags of", c.name(repo)+"@"+string(d)), repo, string(d))
	return img.Tags, err
}

func separator(reference string) string {
	if strings.Contains(reference, ":") {
		return "@"
	}
	return ":"
}

// identifier names an image by a tag or digest.
func identifier(reference string) types.ImageIdentifier {
	if strings.Contains(reference, ":") {
		return types.ImageIdentifier{ImageDigest: &reference}
	}
	return types.ImageIdentifier{ImageTag: &reference}
}

// Content asks BatchGetImage together with others who ask at the same time.
func (m manifests) Content(ctx context.Context, repo string, d ref.Digest) (string, []byte, error) {
	got, err := m.c.reads.one(ctx, repo, readKey{d})
	return got.mediaType, got.raw, err
}

// readKey is one manifest of a batch.
type readKey struct{ digest ref.Digest }

type content struct {
	mediaType string
	raw       []byte
}

// readBatch reads manifests of one repository (API reference, BatchGetImage,
// which counts as a pull). The answer may name an image once for each of its
// tags.
func (c *Client) readBatch(ctx context.Context, repo string, keys []readKey) []result[content] {
	o := sdk.Doing("read manifests of", c.name(repo))
	in := &ecr.BatchGetImageInput{
		RegistryId: c.registry(), RepositoryName: &repo, AcceptedMediaTypes: image.ManifestMediaTypes(),
	}
	for _, k := range keys {
		in.ImageIds = append(in.ImageIds, identifier(string(k.digest)))
	}
	out, err := ask(ctx, c, o, (*ecr.Client).BatchGetImage, in)
	if err != nil {
		return all[content](len(keys), err)
	}
	found := map[ref.Digest]content{}
	for _, got := range out.Images {
		if got.ImageId != nil && got.ImageId.ImageDigest != nil && got.ImageManifest != nil {
			found[ref.Digest(*got.ImageId.ImageDigest)] = content{mediaTypeOf(got), []byte(*got.ImageManifest)}
		}
	}
	failures := byIdentifier(out.Failures)
	results := make([]result[content], len(keys))
	for i, k := range keys {
		results[i].value = found[k.digest]
		if results[i].value.raw == nil {
			results[i].err = refused(sdk.Doing("read", c.name(repo)+"@"+string(k.digest)), failures[string(k.digest)])
		}
	}
	return results
}

func mediaTypeOf(got types.Image) string {
	if got.ImageManifestMediaType == nil {
		return ""
	}
	return sdk.Clean(*got.ImageManifestMediaType)
}
