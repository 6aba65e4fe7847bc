package oci

import (
	"context"

	"regatta/model/image"
	"regatta/model/ref"
)

// API reads manifests where a registry has a better way to them than the
// endpoints of the distribution-spec. Its errors are *fault.Error.
type API interface {
	// Resolve is what a tag or digest points to right now. The size is 0
	// where it is not told.
	Resolve(ctx context.Context, repo, reference string) (image.Descriptor, error)
	// Content is a manifest, byte by byte. It need not be verified.
	Content(ctx context.Context, repo string, d ref.Digest) (mediaType string, raw []byte, err error)
	// Subjects are the manifests that name d as their subject.
	Subjects(ctx context.Context, repo string, d ref.Digest) ([]image.Descriptor, error)
}

// manifestByAPI reads what reference points to, a digest through the cache.
func (c *Client) manifestByAPI(ctx context.Context, r request, reference string) (image.Manifest, error) {
	d, err := c.Resolve(ctx, r.repo, reference)
	if err != nil {
		return image.Manifest{}, err
	}
	r.path = "/v2/" + r.repo + "/manifests/" + string(d.Digest)
	return c.manifestByDigest(ctx, r, d.Digest)
}

// resolveByAPI asks the API, and sees what a tag points to.
func (c *Client) resolveByAPI(ctx context.Context, r request, reference string) (image.Descriptor, error) {
	d, err := c.o.API.Resolve(ctx, r.repo, reference)
	if err != nil {
		return image.Descriptor{}, failed(r, err)
	}
	if _, err := ref.ParseDigest(reference); err != nil {
		c.tags.see(r.repo, reference, d.Digest)
	}
	return d, nil
}

// fetchContent reads a manifest of a known digest from the API, or from the
// registry's endpoint.
func (c *Client) fetchContent(ctx context.Context, r request, want ref.Digest) (mediaType string, a answer, err error) {
	if c.o.API == nil || want == "" {
		a, err = c.get(ctx, r)
		return contentType(a.header), a, err
	}
	mediaType, raw, err := c.o.API.Content(ctx, r.repo, want)
	if err != nil {
		return "", a, failed(r, err)
	}
	return mediaType, answer{body: raw}, nil
}
