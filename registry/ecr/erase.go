package ecr

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/ecr/sdk"
)

// eraseKey is one of a batch of deletions: a tag of a digest, or a digest with
// all its tags.
type eraseKey struct {
	digest ref.Digest
	tag    string
}

// DeleteTag takes a tag off the image was, or where that is not known off the
// one that it points to now. The request names both, so that a tag which has
// moved stays: that is an error of kind Drift. The image goes with its last tag
// (API reference, BatchDeleteImage).
func (c *Client) DeleteTag(ctx context.Context, repo, tag string, was ref.Digest) error {
	o := sdk.Doing("remove tag", c.name(repo)+":"+tag)
	if err := ref.CheckTag(tag); err != nil {
		return o.Failure(fault.Invalid, err.Error())
	}
	if was == "" {
		now, err := c.one(ctx, o, repo, tag)
		if err != nil {
			return err
		}
		was = now.Digest
	}
	_, err := c.erases.one(ctx, repo, eraseKey{was, tag})
	return err
}

// DeleteManifest deletes an image. Where tags are given, each is taken off the
// image, which goes with the last of them: if it has got another one by then it
// stays, and if one of them has moved, that one stays, which is an error of kind
// Drift. Without tags it is deleted by its digest, and every tag that points to it
// goes along.
func (c *Client) DeleteManifest(ctx context.Context, repo string, d ref.Digest, tags ...string) error {
	o := sdk.Doing("delete", c.name(repo)+"@"+string(d))
	err := ref.CheckRepository(repo)
	if err == nil {
		_, err = ref.ParseDigest(string(d))
	}
	if err != nil {
		return o.Failure(fault.Invalid, err.Error())
	}
	keys := []eraseKey{{digest: d}}
	if len(tags) > 0 {
		keys = keys[:0]
		for _, t := range tags {
			keys = append(keys, eraseKey{digest: d, tag: t})
		}
	}
	return c.erases.each(ctx, repo, keys)
}

// eraseBatch deletes in the order in which it was asked to.
func (c *Client) eraseBatch(ctx context.Context, repo string, keys []eraseKey) []result[struct{}] {
	in := &ecr.BatchDeleteImageInput{RegistryId: c.registry(), RepositoryName: &repo}
	for _, k := range keys {
		in.ImageIds = append(in.ImageIds, types.ImageIdentifier{
			ImageDigest: aws.String(string(k.digest)), ImageTag: sdk.Optional(k.tag),
		})
	}
	out, err := change(ctx, c, sdk.Doing("delete images of", c.name(repo)), (*ecr.Client).BatchDeleteImage, in)
	if err != nil {
		return all[struct{}](len(keys), err)
	}
	failures := byIdentifier(out.Failures)
	results := make([]result[struct{}], len(keys))
	for i, k := range keys {
		if f, ok := failures[words(in.ImageIds[i])]; ok {
			results[i].err = k.refused(c.opOf(repo, k), f)
		}
	}
	return results
}

// refused is what the API says of one of a batch. Of a tag that has moved it names
// neither side.
func (k eraseKey) refused(o sdk.Op, f types.ImageFailure) *fault.Error {
	err := refused(o, f)
	if err.Kind == fault.Drift {
		err.Detail = "the tag " + k.tag + " does not point to " + k.digest.Short() + " any more, and stays"
	}
	return err
}

func (c *Client) opOf(repo string, k eraseKey) sdk.Op {
	if k.tag != "" {
		return sdk.Doing("remove tag", c.name(repo)+":"+k.tag)
	}
	return sdk.Doing("delete", c.name(repo)+"@"+string(k.digest))
}

// ProbeDelete is ReadDelete: what ECR deletes is known, and nothing is tried.
func (c *Client) ProbeDelete(ctx context.Context, repo string) (plan.Capabilities, error) {
	return c.ReadDelete(ctx, repo)
}

// ReadDelete finds out besides whether tags of repo may be moved. Whoever may
// not ask that is told so when a tag is moved.
func (c *Client) ReadDelete(ctx context.Context, repo string) (plan.Capabilities, error) {
	can := c.CanDelete()
	r, err := c.described(ctx, repo)
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Denied {
		return can, nil
	}
	if err != nil {
		return can, err
	}
	can.Mutability = mutabilityOf(r)
	return can, nil
}
