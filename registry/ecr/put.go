package ecr

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/registry/ecr/sdk"
)

// PutManifest stores raw as it is under reference, a tag or its own digest (API
// reference, PutImage). That it is there already is no error.
func (c *Client) PutManifest(ctx context.Context, repo, reference, mediaType string, raw []byte) error {
	o := sdk.Doing("push", c.name(repo)+separator(reference)+reference)
	in := &ecr.PutImageInput{
		RegistryId: c.registry(), RepositoryName: &repo, ImageManifest: aws.String(string(raw)),
		ImageManifestMediaType: sdk.Optional(mediaType), ImageDigest: aws.String(string(ref.DigestOf(raw))),
	}
	if err := address(in, reference, raw); err != nil {
		return o.Failure(fault.Invalid, err.Error())
	}
	if !utf8.Valid(raw) {
		return o.Failure(fault.Invalid, "the manifest is not UTF-8, which ECR takes only")
	}
	_, err := change(ctx, c, o, (*ecr.Client).PutImage, in)
	if err != nil && sdk.CodeOf(err) != "ImageAlreadyExistsException" {
		return err
	}
	if in.ImageTag != nil {
		c.See(repo, reference, ref.DigestOf(raw))
	}
	return nil
}

// address puts the reference into the request.
func address(in *ecr.PutImageInput, reference string, raw []byte) error {
	err := ref.CheckRepository(*in.RepositoryName)
	switch {
	case err != nil:
		return err
	case !strings.Contains(reference, ":"):
		in.ImageTag = &reference
		return ref.CheckTag(reference)
	}
	want, err := ref.ParseDigest(reference)
	if err == nil {
		err = want.Verify(raw)
	}
	in.ImageDigest = aws.String(string(want))
	return err
}
