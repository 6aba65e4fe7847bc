package ecr

import (
	"context"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/ecr/sdk"
	"regatta/registry/oci"
)

// PrepareDummy brings to repo what dummies refer to, so that UntagByDummy has
// nothing to wait for.
func (c *Client) PrepareDummy(ctx context.Context, repo string) error {
	return c.putBlob(ctx, repo, []byte("{}"))
}

// UntagByDummy takes the last tag off an image and keeps the image: the dummy of
// name is pushed to the tag, which moves there, and deleted with it; a tag that
// has moved on by then stays. PrepareDummy goes before it. If the dummy may not be
// deleted, the tag is put back to was, unless it has moved on, and the error says
// so.
func (c *Client) UntagByDummy(ctx context.Context, repo, tag string, was image.Manifest, name string) error {
	raw, dummy := oci.Dummy(name)
	if err := c.PutManifest(ctx, repo, tag, image.MediaTypeOCIManifest, raw); err != nil {
		return err
	}
	err := c.DeleteManifest(ctx, repo, dummy, tag)
	if err == nil || fault.Is(err, fault.NotFound) {
		return nil
	}
	if !fault.Is(err, fault.Denied) && !fault.Is(err, fault.Auth) {
		return err // it may have been carried out, or may be tomorrow
	}
	f := sdk.Failed(sdk.Doing("remove tag", c.name(repo)+":"+tag), err)
	f.Detail += c.putBack(ctx, repo, tag, was, dummy)
	return f
}

// putBack undoes the push of a dummy that may not be deleted, and says how that
// went.
func (c *Client) putBack(ctx context.Context, repo, tag string, was image.Manifest, dummy ref.Digest) string {
	now, err := c.Resolve(ctx, repo, tag)
	if err == nil && now.Digest != dummy {
		return "; somebody has moved the tag since, to " + now.Digest.Short()
	}
	if err == nil {
		err = c.PutManifest(ctx, repo, tag, was.MediaType, was.Raw)
	}
	if err != nil {
		return "; the tag points to a dummy manifest instead of " + string(was.Digest) +
			", and could not be put back: " + sdk.Clean(err.Error())
	}
	return "; the tag points to " + was.Digest.Short() + " again"
}
