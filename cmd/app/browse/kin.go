package browse

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/usage"
)

// WithUnlisted adds, where the registry does not list images without tags, those
// that something uses by their digest and that are there.
func (t *Reader) WithUnlisted(
	ctx context.Context, images []*image.Image, set usage.Set,
) ([]*image.Image, error) {
	if t.backend.Capabilities().Untagged {
		return images, nil
	}
	known := map[ref.Digest]bool{"": true}
	for _, img := range images {
		known[img.Digest] = true
		for _, p := range img.Platforms {
			known[p.Digest] = true
		}
	}
	for _, u := range set.Uses(t.ref.Host, t.ref.Repository) {
		if known[u.Image.Digest] {
			continue
		}
		known[u.Image.Digest] = true
		found, err := t.backend.Describe(ctx, t.ref.Repository, image.Image{Digest: u.Image.Digest}, false)
		switch {
		case err == nil:
			images = append(images, &found)
		case app.MeetsAll(err) || ctx.Err() != nil:
			return nil, err
		case !fault.Is(err, fault.NotFound):
			t.fail(string(u.Image.Digest), err)
		}
	}
	return images, nil
}

// kin is how the images belong together. Indexes that only the listing tells of
// are read.
func (t *Reader) kin(ctx context.Context, s *app.App, images []*image.Image) (*usage.Links, error) {
	kin := &usage.Links{}
	var unread []ref.Digest
	for _, img := range images {
		for _, tag := range img.Tags {
			kin.Tag(tag, img.Digest)
		}
		for _, p := range img.Platforms {
			if p.Digest != img.Digest && p.Digest != "" {
				kin.Child(img.Digest, p.Digest)
			}
		}
		if img.Kind == image.KindIndex && len(img.Platforms) == 0 && img.Storage == image.Standard {
			unread = append(unread, img.Digest)
		}
	}
	if err := t.checkIndexes(ctx, s, unread); err != nil {
		return nil, err
	}
	return kin, app.Each(ctx, unread, func(ctx context.Context, d ref.Digest) error { return t.children(ctx, kin, d) })
}

// children notes what an index lists.
func (t *Reader) children(ctx context.Context, kin *usage.Links, d ref.Digest) error {
	m, err := t.backend.Manifest(ctx, t.ref.Repository, string(d))
	if app.MeetsAll(err) || ctx.Err() != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil {
		t.fail(string(d), err)
	}
	for _, child := range m.Children {
		kin.Child(d, child.Digest)
	}
	return nil
}

// checkIndexes asks for --yes before many indexes are read where that counts.
func (t *Reader) checkIndexes(ctx context.Context, s *app.App, unread []ref.Digest) error {
	if !t.backend.Capabilities().CountsReads || !t.Sparing {
		return nil
	}
	n := 0
	for _, d := range unread {
		if _, _, cached := s.Store().Content(ctx, d); !cached {
			n++
		}
	}
	if n > ManyReads {
		return app.Refusal(t.tooMany(n))
	}
	return nil
}
