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

// UntagByDummy removes a tag where the registry has no way to delete it alone:
// the dummy of name is pushed to the tag and deleted by its digest. Nothing is
// pushed where manifests are known not to be deletable. Where that turns out
// only then, the tag is put back to was, and the error says so.
func (c *Client) UntagByDummy(ctx context.Context, repo, tag string, was ref.Digest, name string) error {
	r, err := c.manifestRequest("remove tag", repo, tag)
	if err != nil {
		return err
	}
	if c.learnt.manifestDelete() == plan.No {
		return failure(r, fault.Unsupported, "the registry deletes neither tags nor manifests")
	}
	before, err := c.Manifest(ctx, repo, string(was))
	if err != nil {
		return failed(r, err)
	}
	raw, dummy := Dummy(name)
	if err := c.putBlob(ctx, repo, []byte(emptyConfig)); err != nil {
		return failed(r, err)
	}
	if err := c.PutManifest(ctx, repo, tag, image.MediaTypeOCIManifest, raw); err != nil {
		return failed(r, err)
	}
	err = c.DeleteManifest(ctx, repo, dummy)
	if err == nil || fault.Is(err, fault.NotFound) || !refusal4xx(err) {
		return unlessGone(r, err)
	}
	return c.putBack(ctx, r, before, err)
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
func (c *Client) putBack(ctx context.Context, r request, was image.Manifest, cause error) error {
	tag := r.path[len("/v2/"+r.repo+"/manifests/"):]
	f := failed(r, cause)
	err := c.PutManifest(ctx, r.repo, tag, was.MediaType, was.Raw)
	if err == nil {
		f.Detail += fmt.Sprintf("; the tag points to %s again, a dummy manifest without a tag stays", was.Digest.Short())
		return f
	}
	f.Detail += fmt.Sprintf("; the tag points to a dummy manifest instead of %s, and could not be put back: %v",
		was.Digest, err)
	f.Err = errors.Join(f.Err, err)
	return f
}
