package oci

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

const (
	digestHeader = "Docker-Content-Digest"
	typeHeader   = "Content-Type"
)

// Manifest reads the manifest that reference, a tag or a digest, names in repo.
// By digest it may come from the cache; what comes is verified.
func (c *Client) Manifest(ctx context.Context, repo, reference string) (image.Manifest, error) {
	r, err := c.manifestRequest("read", repo, reference)
	if err != nil {
		return image.Manifest{}, err
	}
	if d, err := ref.ParseDigest(reference); err == nil {
		return c.manifestByDigest(ctx, r, d)
	}
	if c.o.API != nil {
		return c.manifestByAPI(ctx, r, reference)
	}
	return fly(ctx, &c.flights, "tag "+r.path, func(ctx context.Context) (image.Manifest, error) {
		m, err := c.fetchManifest(ctx, r, "")
		if err == nil {
			c.tags.see(repo, reference, m.Digest)
		}
		return m, err
	})
}

// manifestRequest is the request for a manifest (distribution-spec, endpoint
// end-3).
func (c *Client) manifestRequest(op, repo, reference string) (request, error) {
	r := request{
		op: op, object: c.name(repo) + separator(reference) + reference, repo: repo,
		path: "/v2/" + repo + "/manifests/" + reference, accept: image.ManifestMediaTypes(), limit: maxManifest,
	}
	err := ref.CheckRepository(repo)
	if err == nil && strings.Contains(reference, ":") {
		_, err = ref.ParseDigest(reference)
	} else if err == nil {
		err = ref.CheckTag(reference)
	}
	if err != nil {
		return r, failure(r, fault.Invalid, err.Error())
	}
	return r, nil
}

func separator(reference string) string {
	if strings.Contains(reference, ":") {
		return "@"
	}
	return ":"
}

func (c *Client) manifestByDigest(ctx context.Context, r request, d ref.Digest) (image.Manifest, error) {
	return fly(ctx, &c.flights, r.path, func(ctx context.Context) (image.Manifest, error) {
		if m, ok := c.cachedManifest(ctx, d); ok {
			c.noteCached(r.path)
			return m, nil
		}
		return c.fetchManifest(ctx, r, d)
	})
}

// cachedManifest reads from the cache alone.
func (c *Client) cachedManifest(ctx context.Context, d ref.Digest) (image.Manifest, bool) {
	if c.o.Cache == nil || d == "" {
		return image.Manifest{}, false
	}
	media, raw, ok := c.o.Cache.Content(ctx, d)
	if !ok {
		return image.Manifest{}, false
	}
	m, err := image.ParseManifest(media, raw)
	if err != nil || confirm(&m, d) != nil {
		return image.Manifest{}, false
	}
	return m, true
}

// fetchManifest reads a manifest from the registry. Want is its digest, "" if
// that is for the registry to say.
func (c *Client) fetchManifest(ctx context.Context, r request, want ref.Digest) (image.Manifest, error) {
	media, a, err := c.fetchContent(ctx, r, want)
	if err != nil {
		return image.Manifest{}, err
	}
	m, err := image.ParseManifest(media, a.body)
	if err != nil {
		return image.Manifest{}, failure(r, fault.Protocol, said(err.Error()))
	}
	said, _ := ref.ParseDigest(a.header.Get(digestHeader))
	if want == "" {
		want = said
	}
	if want == "" && m.Kind == image.KindUnknown {
		return image.Manifest{}, failure(r, fault.Protocol, "the answer is not a manifest")
	}
	if err := confirm(&m, want); err != nil {
		return image.Manifest{}, corrupt(r, err)
	}
	if c.o.Cache != nil && m.Kind != image.KindSchema1 {
		c.o.Cache.PutContent(m.Digest, media, a.body)
	}
	return m, nil
}

// confirm compares the content with its digest, which becomes the manifest's.
func confirm(m *image.Manifest, want ref.Digest) error {
	if want == "" || m.Digest == want {
		return nil
	}
	if err := m.Verify(want); err != nil {
		return err
	}
	m.Digest = want
	return nil
}

func corrupt(r request, err error) error {
	f := failure(r, fault.Corrupt, "")
	f.Err = err
	return f
}

func contentType(h http.Header) string {
	media, _, _ := strings.Cut(h.Get(typeHeader), ";")
	return text.Clean(strings.TrimSpace(media))
}

// Config reads the config of the image m, from the cache if it is there.
func (c *Client) Config(ctx context.Context, repo string, m image.Manifest) (image.Config, error) {
	d := m.Config
	r := request{
		op: "read config of", object: c.name(repo) + "@" + string(m.Digest), repo: repo,
		path: "/v2/" + repo + "/blobs/" + string(d.Digest), limit: maxConfig,
	}
	if d.Digest == "" || m.Kind != image.KindImage {
		return image.Config{}, failure(r, fault.Unsupported, "it is "+m.Kind.String()+", which has no image config")
	}
	return fly(ctx, &c.flights, r.path, func(ctx context.Context) (image.Config, error) {
		if raw, ok := c.cachedBlob(ctx, d.Digest); ok {
			c.noteCached(r.path)
			return parseConfig(r, raw)
		}
		return c.fetchConfig(ctx, r, d)
	})
}

func (c *Client) cachedBlob(ctx context.Context, d ref.Digest) ([]byte, bool) {
	if c.o.Cache == nil {
		return nil, false
	}
	_, raw, ok := c.o.Cache.Content(ctx, d)
	return raw, ok && d.Verify(raw) == nil
}

func (c *Client) fetchConfig(ctx context.Context, r request, d image.Descriptor) (image.Config, error) {
	a, err := c.get(ctx, r)
	if err != nil {
		return image.Config{}, err
	}
	if err := d.Digest.Verify(a.body); err != nil {
		return image.Config{}, corrupt(r, err)
	}
	config, err := parseConfig(r, a.body)
	if err == nil && c.o.Cache != nil {
		c.o.Cache.PutContent(d.Digest, d.MediaType, a.body)
	}
	return config, err
}

func parseConfig(r request, raw []byte) (image.Config, error) {
	config, err := image.ParseConfig(raw)
	if err != nil {
		f := failure(r, fault.Protocol, said(err.Error()))
		f.Err = errors.Unwrap(err)
		return config, f
	}
	return config, nil
}
