package ecr

import (
	"context"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/oci"
)

// UntagByDummy takes the last tag off an image and keeps the image: the dummy of
// name is pushed to the tag, which moves there, and deleted with it. If it cannot
// be deleted, the tag is put back to was, and the error says so.
func (c *Client) UntagByDummy(ctx context.Context, repo, tag string, was ref.Digest, name string) error {
	before, err := c.Manifest(ctx, repo, string(was))
	if err != nil {
		return err
	}
	if err := c.putBlob(ctx, repo, []byte("{}")); err != nil {
		return err
	}
	raw, dummy := oci.Dummy(name)
	if err := c.PutManifest(ctx, repo, tag, image.MediaTypeOCIManifest, raw); err != nil {
		return err
	}
	err = c.DeleteManifest(ctx, repo, dummy)
	if err == nil || fault.Is(err, fault.NotFound) {
		return nil
	}
	if !fault.Is(err, fault.Denied) && !fault.Is(err, fault.Auth) {
		return err // it may have been carried out, or may be tomorrow
	}
	f := failed(op{"remove tag", c.name(repo) + ":" + tag}, err)
	f.Detail += "; the tag points to " + was.Short() + " again, a dummy manifest without a tag stays"
	if again := c.PutManifest(ctx, repo, tag, before.MediaType, before.Raw); again != nil {
		f.Detail = clean(err.Error()) + "; the tag points to a dummy manifest instead of " + string(was) +
			", and could not be put back: " + clean(again.Error())
	}
	return f
}
