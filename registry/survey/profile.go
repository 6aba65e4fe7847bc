package survey

import (
	"context"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/rollback"
	"regatta/model/supply"
)

// Album is what profiles of images are read from.
type Album interface {
	Pantry
	Chooser

	Describe(ctx context.Context, repo string, img image.Image, fresh bool) (image.Image, error)
}

// Profile reads what an image is, beyond what the listing tells: through the
// cache, so that nothing is asked twice. Of what is archived nothing can be read.
func Profile(
	ctx context.Context, a Album, repo string, one rollback.Candidate, keys []supply.Key,
) (rollback.Profile, error) {
	p, img := one.Listed(), one.Image
	if img.Storage != image.Standard {
		return p, nil
	}
	img.Digest, img.Tags = one.Digest, nil // what its tags point to is no question here
	found, err := a.Describe(ctx, repo, img, false)
	if err != nil {
		return p, err
	}
	m, err := a.Manifest(ctx, repo, string(one.Digest))
	if err != nil {
		return p, err
	}
	p.Size, p.Time, p.Platforms = max(0, found.Size), found.Time(), found.Platforms
	if p.Revision, err = revision(ctx, a, repo, m); err != nil {
		return p, err
	}
	p.Signature, err = signature(ctx, a, repo, m, keys)
	p.Read = err == nil
	return p, err
}

// revision is the commit that an image says that it was built from: in its own
// words, or in those of the image that stands for an index.
func revision(ctx context.Context, from Chooser, repo string, m image.Manifest) (string, error) {
	const label = "org.opencontainers.image.revision"
	if said := m.Annotations[label]; said != "" {
		return said, nil
	}
	switch m.Kind {
	case image.KindIndex:
		child, err := from.Manifest(ctx, repo, string(image.DefaultChild(m)))
		if err != nil || child.Kind == image.KindIndex {
			return "", absent(err)
		}
		return revision(ctx, from, repo, child)
	case image.KindImage:
		c, err := from.Config(ctx, repo, m)
		return c.Labels[label], absent(err)
	case image.KindArtifact, image.KindSchema1, image.KindUnknown:
	}
	return "", nil
}

// absent lets pass what is not there: that is for the preflight to tell.
func absent(err error) error {
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return nil
	}
	return err
}

// signature is what the signatures of the image come to. Where no key stands for
// the repository, that there are some is all that can be said, and they are not
// read.
func signature(
	ctx context.Context, p Pantry, repo string, m image.Manifest, keys []supply.Key,
) (supply.Verdict, error) {
	found, err := p.Referrers(ctx, repo, m.Digest)
	switch {
	case fault.Is(err, fault.Unsupported):
		return "", nil
	case err != nil:
		return "", err
	}
	c := &chain{pantry: p, repo: repo, keys: keys}
	var claims []supply.Claim
	for _, d := range found {
		switch {
		case d.Describes() != image.Signature:
			continue
		case len(keys) == 0:
			return supply.Unverified, nil
		}
		n, _ := c.node(ctx, d, via(d), m.Digest, m.Raw)
		if n.Err != nil {
			return "", n.Err
		}
		if n.Kind == supply.Signature && len(n.Signatures) == 0 {
			claims = append(claims, supply.Claim{Verdict: supply.Unverified})
		}
		claims = append(claims, n.Signatures...)
	}
	return supply.Sum(claims), context.Cause(ctx)
}
