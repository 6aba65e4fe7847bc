package oci

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

// Referrers are the manifests that name d as their subject (distribution-spec,
// Listing Referrers, with its fallback tag), and what cosign keeps under tags
// made from d: those carry their tag in image.RefNameAnnotation.
func (c *Client) Referrers(ctx context.Context, repo string, d ref.Digest) ([]image.Descriptor, error) {
	r, err := c.referrersRequest(repo, d)
	if err != nil {
		return nil, err
	}
	var lists [2][]image.Descriptor
	group, inner := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		lists[0], err = c.listReferrers(inner, r, d)
		return err
	})
	group.Go(func() (err error) {
		lists[1], err = c.besides(inner, repo, d)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, failed(r, err)
	}
	return slices.Concat(lists[0], lists[1]), nil
}

// Subjects are the manifests that name d as their subject, and nothing besides:
// whoever has the tag list knows what cosign keeps there without asking again.
func (c *Client) Subjects(ctx context.Context, repo string, d ref.Digest) ([]image.Descriptor, error) {
	r, err := c.referrersRequest(repo, d)
	if err != nil {
		return nil, err
	}
	return c.listReferrers(ctx, r, d)
}

func (c *Client) referrersRequest(repo string, d ref.Digest) (request, error) {
	r := request{
		op: "list referrers of", object: c.name(repo) + "@" + string(d), repo: repo,
		path: "/v2/" + repo + "/referrers/" + string(d), accept: []string{image.MediaTypeOCIIndex}, limit: maxManifest,
	}
	if _, err := ref.ParseDigest(string(d)); err != nil {
		return r, failure(r, fault.Invalid, err.Error())
	}
	return r, nil
}

func (c *Client) listReferrers(ctx context.Context, r request, d ref.Digest) ([]image.Descriptor, error) {
	if c.o.API != nil {
		all, err := c.o.API.Subjects(ctx, r.repo, d)
		if err != nil {
			return nil, failed(r, err)
		}
		return all, nil
	}
	return c.askReferrers(ctx, r, d)
}

func (c *Client) askReferrers(ctx context.Context, r request, d ref.Digest) ([]image.Descriptor, error) {
	var all []image.Descriptor
	at := firstCursor(r.path)
	for page := 1; ; page++ {
		a, err := c.get(ctx, r)
		if page == 1 && noReferrersAPI(err) {
			return c.fallback(ctx, r, d)
		}
		if err != nil {
			return nil, err
		}
		m, err := image.ParseManifest(contentType(a.header), a.body)
		if err != nil || !isList(a.body) {
			return nil, failure(r, fault.Protocol, "the answer is not an index")
		}
		all = append(all, m.Children...)
		next, err := c.nextPage(r, at, a.header)
		if err != nil || next == "" {
			return all, err
		}
		if len(all) > maxReferrers || page == maxReferrerPages {
			return nil, tooManyReferrers(r)
		}
		at, _ = parseCursor(next)
		r.query = queryOf(at.path)
	}
}

func queryOf(path string) string {
	for i := range len(path) {
		if path[i] == '?' {
			return path[i+1:]
		}
	}
	return ""
}

// isList tells an index, though an empty one, from other JSON.
func isList(raw []byte) bool {
	var w struct {
		Manifests json.RawMessage `json:"manifests"`
	}
	return json.Unmarshal(raw, &w) == nil && w.Manifests != nil
}

// noReferrersAPI goes by the statuses of registries that do not know the
// endpoint: 404 by the specification, 400, 405 and 406 in the field.
func noReferrersAPI(err error) bool {
	status, ok := errors.AsType[statusError](err)
	switch int(status) {
	case http.StatusNotFound, http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotAcceptable:
		return ok
	}
	return false
}

// ListsReferrers reports whether the registry keeps track of referrers itself.
// Where it does not, whoever pushes one has to list it under the fallback tag
// (distribution-spec, Pushing Manifests with Subject). Where repo is not there
// yet, another repository that the catalog names is asked for.
func (c *Client) ListsReferrers(ctx context.Context, repo string) (bool, error) {
	lists, err := c.asksReferrers(ctx, repo)
	if lists || err != nil {
		return lists, err
	}
	page, err := c.Repositories(ctx, "")
	for _, other := range page.Repositories {
		if other.Name != repo {
			return c.asksReferrers(ctx, other.Name)
		}
	}
	if fault.Is(err, fault.Cancelled) {
		return false, err
	}
	return false, nil
}

func (c *Client) asksReferrers(ctx context.Context, repo string) (bool, error) {
	r, err := c.referrersRequest(repo, ref.DigestOf(nil))
	if err != nil {
		return false, err
	}
	_, err = c.get(ctx, r)
	if noReferrersAPI(err) {
		return false, nil
	}
	return err == nil, err
}

func (c *Client) fallback(ctx context.Context, r request, d ref.Digest) ([]image.Descriptor, error) {
	m, err := c.Manifest(ctx, r.repo, d.FallbackTag())
	switch {
	case fault.Is(err, fault.NotFound):
		return nil, nil
	case len(m.Children) > maxReferrers:
		return nil, tooManyReferrers(r)
	}
	return m.Children, err
}

func tooManyReferrers(r request) error {
	return failure(r, fault.TooLarge, "there are more than "+text.Count(maxReferrers)+", or than "+
		text.Plural(maxReferrerPages, "page", "pages")+" of them, which is all that is read")
}

// besides looks for the tags of cosign.
func (c *Client) besides(ctx context.Context, repo string, d ref.Digest) ([]image.Descriptor, error) {
	tags := image.CosignTags(d)
	found := make([]image.Descriptor, len(tags))
	group, inner := errgroup.WithContext(ctx)
	for i, tag := range tags {
		group.Go(func() error {
			desc, err := c.Resolve(inner, repo, tag)
			if fault.Is(err, fault.NotFound) {
				return nil
			}
			desc.Annotations = map[string]string{image.RefNameAnnotation: tag}
			found[i] = desc
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	out := found[:0]
	for _, desc := range found {
		if desc.Digest != "" {
			out = append(out, desc)
		}
	}
	return out, nil
}
