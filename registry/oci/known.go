package oci

import (
	"context"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
)

// Known is what the store knows of repo, without a request: one image a digest
// with the tags last seen on it, in the store's order. Images whose content is
// in the cache have State Cached, the others are Unread.
func (c *Client) Known(ctx context.Context, repo string) ([]image.Image, error) {
	images, err := c.seen(ctx, repo)
	if err != nil {
		return nil, err
	}
	for i := range images {
		m, ok := c.cachedManifest(ctx, images[i].Digest)
		if !ok {
			continue
		}
		img, err := details(ctx, offline{c}, m)
		if err != nil {
			return nil, failed(request{op: "recall", object: c.name(repo)}, err)
		}
		img.Tags, img.State = images[i].Tags, image.Cached
		images[i] = img
	}
	return images, nil
}

// seen are the images that the sightings name, unread.
func (c *Client) seen(ctx context.Context, repo string) ([]image.Image, error) {
	if c.o.Sightings == nil {
		return nil, nil
	}
	sightings, err := c.o.Sightings.Tags(ctx, c.host, repo)
	if err != nil {
		return nil, failed(request{op: "recall", object: c.name(repo)}, err)
	}
	now := latest(sightings)
	var images []image.Image
	at := map[ref.Digest]int{}
	for _, s := range sightings {
		d, ok := now[s.Tag]
		if !ok || d == "" {
			continue
		}
		delete(now, s.Tag) // older sightings of the same tag follow
		i, ok := at[d]
		if !ok {
			i = len(images)
			at[d] = i
			images = append(images, image.Image{Digest: d})
		}
		images[i].Tags = append(images[i].Tags, s.Tag)
	}
	return images, nil
}

// offline reads the cache alone.
type offline struct{ c *Client }

func (o offline) manifest(ctx context.Context, d ref.Digest) (image.Manifest, error) {
	if err := ctx.Err(); err != nil {
		return image.Manifest{}, err
	}
	m, ok := o.c.cachedManifest(ctx, d)
	if !ok {
		return m, &fault.Error{Kind: fault.NotFound}
	}
	return m, nil
}

func (o offline) config(ctx context.Context, m image.Manifest) (image.Config, error) {
	if err := ctx.Err(); err != nil {
		return image.Config{}, err
	}
	raw, ok := o.c.cachedBlob(ctx, m.Config.Digest)
	if !ok {
		return image.Config{}, &fault.Error{Kind: fault.NotFound}
	}
	return image.ParseConfig(raw)
}
