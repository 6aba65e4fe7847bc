package oci

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// emptyConfig is the config and the only layer of a dummy.
const emptyConfig = "{}"

// Dummy is the manifest that UntagByDummy puts under a tag: no other has its
// digest as long as name is used once.
func Dummy(name string) (raw []byte, d ref.Digest) {
	blob := map[string]any{
		"mediaType": image.MediaTypeOCIConfig, "digest": ref.DigestOf([]byte(emptyConfig)), "size": len(emptyConfig),
	}
	raw, err := json.Marshal(map[string]any{
		"schemaVersion": 2, "mediaType": image.MediaTypeOCIManifest, "config": blob, "layers": []any{},
		"annotations": map[string]string{"regatta.untag": name},
	})
	if err != nil {
		panic(err) // maps of strings can be encoded
	}
	return raw, ref.DigestOf(raw)
}

// PrepareDummy brings to repo what dummies refer to, so that UntagByDummy has
// nothing to wait for.
func (c *Client) PrepareDummy(ctx context.Context, repo string) error {
	r := request{op: "prepare to remove tags of", object: c.name(repo)}
	if c.learnt.manifestDelete() == plan.No {
		return failure(r, fault.Unsupported, "the registry deletes neither tags nor manifests")
	}
	if err := c.putBlob(ctx, repo, []byte(emptyConfig)); err != nil {
		return failed(r, err)
	}
	return nil
}

// UntagByDummy removes a tag where the registry has no way to delete it alone:
// the dummy of name is pushed to the tag and deleted by its digest. PrepareDummy
// goes before it. Where it turns out that the dummy cannot be deleted, the tag is
// put back to was, if nobody has moved it on, and the error says so.
func (c *Client) UntagByDummy(ctx context.Context, repo, tag string, was image.Manifest, name string) error {
	r, err := c.manifestRequest("remove tag", repo, tag)
	if err != nil {
		return err
	}
	raw, dummy := Dummy(name)
	if err := c.PutManifest(ctx, repo, tag, image.MediaTypeOCIManifest, raw); err != nil {
		return failed(r, err)
	}
	err = c.DeleteManifest(ctx, repo, dummy)
	if err == nil || fault.Is(err, fault.NotFound) || !refusal4xx(err) {
		return unlessGone(r, err)
	}
	return c.putBack(ctx, r, tag, was, dummy, err)
}

// refusal4xx tells that the registry heard the request and will not do it, now
// or later.
func refusal4xx(err error) bool {
	switch fault.KindOf(err) { //nolint:exhaustive // the others may have been carried out, or may be tomorrow
	case fault.Unsupported, fault.Denied, fault.Auth, fault.Immutable, fault.Invalid, fault.Unknown:
		return true
	}
	return false
}

func unlessGone(r request, err error) error {
	if err == nil || fault.Is(err, fault.NotFound) {
		return nil
	}
	return failed(r, err)
}

// putBack undoes the push of a dummy that could not be deleted.
func (c *Client) putBack(
	ctx context.Context, r request, tag string, was image.Manifest, dummy ref.Digest, cause error,
) error {
	f := failed(r, cause)
	now, err := c.Resolve(ctx, r.repo, tag)
	if err == nil && now.Digest != dummy {
		f.Detail += "; somebody has moved the tag since, to " + now.Digest.Short()
		return f
	}
	if err == nil {
		err = c.PutManifest(ctx, r.repo, tag, was.MediaType, was.Raw)
	}
	if err == nil {
		f.Detail += fmt.Sprintf("; the tag points to %s again", was.Digest.Short())
		return f
	}
	f.Detail += fmt.Sprintf("; the tag points to a dummy manifest instead of %s, and could not be put back: %v",
		was.Digest, err)
	f.Err = errors.Join(f.Err, err)
	return f
}
