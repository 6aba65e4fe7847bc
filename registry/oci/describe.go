package oci

import (
	"context"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
)

// source is where details come from: the registry through the cache, or the
// cache alone.
type source interface {
	manifest(ctx context.Context, d ref.Digest) (image.Manifest, error)
	config(ctx context.Context, m image.Manifest) (image.Config, error)
}

// Describe reads what there is to know of img: digest, kind, size, creation and
// platforms. A tag whose digest the store knows is looked up and then read from
// the cache; fresh reads the tag from the registry whatever the store knows.
// If the tag has moved away from img.Digest, the result is the image that it
// points to now, with that tag only. On an error the image has State Failed and
// the same error in Err.
func (c *Client) Describe(ctx context.Context, repo string, img image.Image, fresh bool) (image.Image, error) {
	m, err := c.lookUp(ctx, repo, img, fresh)
	if err != nil {
		return asFailed(img, err)
	}
	if img.Digest != "" && img.Digest != m.Digest && len(img.Tags) > 1 {
		img.Tags = img.Tags[:1:1]
	}
	out, err := details(ctx, online{c, repo}, m)
	if err != nil {
		return asFailed(img, err)
	}
	out.Tags, out.Pushed, out.Pulled = img.Tags, img.Pushed, img.Pulled
	out.Signatures, out.SBOMs = img.Signatures, img.SBOMs
	out.State = image.Read
	return out, nil
}

func asFailed(img image.Image, err error) (image.Image, error) {
	img.State, img.Err = image.Failed, err
	return img, err
}

// lookUp finds img's manifest with as little as will do.
func (c *Client) lookUp(ctx context.Context, repo string, img image.Image, fresh bool) (image.Manifest, error) {
	if len(img.Tags) == 0 {
		return c.Manifest(ctx, repo, string(img.Digest))
	}
	tag, known := img.Tags[0], img.Digest
	if !fresh && known == "" {
		known = c.tags.digest(ctx, repo, tag)
	}
	if fresh || known == "" {
		return c.Manifest(ctx, repo, tag)
	}
	m, ok := c.cachedManifest(ctx, known)
	if !ok {
		return c.Manifest(ctx, repo, tag)
	}
	d, err := c.Resolve(ctx, repo, tag)
	switch {
	case err != nil:
		return image.Manifest{}, err
	case d.Digest == m.Digest:
		return m, nil
	}
	return c.Manifest(ctx, repo, string(d.Digest))
}

// online reads through the cache.
type online struct {
	c    *Client
	repo string
}

func (o online) manifest(ctx context.Context, d ref.Digest) (image.Manifest, error) {
	return o.c.Manifest(ctx, o.repo, string(d))
}

func (o online) config(ctx context.Context, m image.Manifest) (image.Config, error) {
	return o.c.Config(ctx, o.repo, m)
}

// details are what m's own content and that which it points to tell.
func details(ctx context.Context, s source, m image.Manifest) (image.Image, error) {
	img := image.Image{
		Digest: m.Digest, Kind: m.Kind, MediaType: m.MediaType, ArtifactType: m.ArtifactType, Size: m.Size(),
	}
	if m.Subject != nil {
		img.Subject = m.Subject.Digest
	}
	switch m.Kind {
	case image.KindIndex:
		return describeIndex(ctx, s, m, img)
	case image.KindImage:
		return describeSingle(ctx, s, m, img)
	case image.KindSchema1:
		img.Size = -1 // schema 1 does not tell
	case image.KindArtifact, image.KindUnknown:
	}
	img.Created = annotated(m)
	return img, nil
}

func describeSingle(ctx context.Context, s source, m image.Manifest, img image.Image) (image.Image, error) {
	config, err := s.config(ctx, m)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return img, err
	}
	img.Created = config.Created
	if img.Created.IsZero() {
		img.Created = annotated(m)
	}
	img.Platforms = []image.PlatformImage{{Platform: config.Platform, Digest: m.Digest, Size: m.Size()}}
	return img, nil
}
