package oci

import (
	"context"
	"net/http"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
)

// Resolve is what reference, a tag or a digest, points to right now: digest,
// media type and the manifest's size in bytes. It asks with HEAD, and with GET
// where HEAD does not tell the digest.
func (c *Client) Resolve(ctx context.Context, repo, reference string) (image.Descriptor, error) {
	return c.ResolveFrom(ctx, repo, reference, "")
}

// ResolveFrom is Resolve for who knows what the tag pointed to before: a
// registry that honours If-None-Match, with the digest as the manifest's ETag
// (RFC 9110, section 13.1.2; distribution does), need not read the manifest to
// say that nothing has changed. Of that answer only the digest is known.
func (c *Client) ResolveFrom(
	ctx context.Context, repo, reference string, before ref.Digest,
) (image.Descriptor, error) {
	r, err := c.manifestRequest("look up", repo, reference)
	if err != nil {
		return image.Descriptor{}, err
	}
	if c.o.API != nil {
		return c.resolveByAPI(ctx, r, reference)
	}
	r.method = http.MethodHead
	if before != "" {
		r.unless = `"` + string(before) + `"`
	}
	resp, err := c.do(ctx, r)
	if err != nil {
		if fault.Is(err, fault.Unsupported) {
			return c.resolveByGet(ctx, repo, reference)
		}
		return image.Descriptor{}, err
	}
	drain(resp)
	if resp.StatusCode == http.StatusNotModified {
		c.tags.see(repo, reference, before)
		return image.Descriptor{Digest: before}, nil
	}
	if isHTML(resp.Header) {
		return image.Descriptor{}, failure(r, fault.Protocol, "the answer is a web page")
	}
	d, err := ref.ParseDigest(resp.Header.Get(digestHeader))
	if err != nil {
		return c.resolveByGet(ctx, repo, reference)
	}
	if want, err := ref.ParseDigest(reference); err == nil && want != d {
		return image.Descriptor{}, corrupt(r, &ref.MismatchError{Want: want, Got: d})
	} else if err != nil {
		c.tags.see(repo, reference, d)
	}
	return image.Descriptor{MediaType: contentType(resp.Header), Digest: d, Size: max(0, resp.ContentLength)}, nil
}

func (c *Client) resolveByGet(ctx context.Context, repo, reference string) (image.Descriptor, error) {
	m, err := c.Manifest(ctx, repo, reference)
	if err != nil {
		return image.Descriptor{}, err
	}
	return image.Descriptor{
		MediaType: m.MediaType, ArtifactType: m.ArtifactType, Digest: m.Digest, Size: int64(len(m.Raw)),
	}, nil
}
