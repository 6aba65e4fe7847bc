package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

type catalogBody struct {
	Repositories []string `json:"repositories"`
}

type tagsBody struct {
	Name string   `json:"name"`
	Tags []string `json:"tags"`
}

func (c *call) catalog() {
	if c.quirks.NoCatalog || c.quirks.PublicECR {
		c.refuseCatalog()
		return
	}
	if names, ok := c.page(c.store.Names()); ok {
		writeJSON(c.w, http.StatusOK, catalogBody{Repositories: names})
	}
}

// refuseCatalog answers as Docker Hub does: not for you, whoever you are.
func (c *call) refuseCatalog() {
	c.fail(http.StatusUnauthorized, codeUnsupported, "the catalog is not served here")
}

func (c *call) tags() {
	tags := c.repo.Tags()
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = tag.Name
	}
	if names, ok := c.page(names); ok {
		writeJSON(c.w, http.StatusOK, tagsBody{Name: c.repo.Name, Tags: names})
	}
}

// page cuts the page that n and last ask for out of a sorted list, and links
// to the next one (distribution-spec 1.1, listing tags).
func (c *call) page(names []string) ([]string, bool) {
	query := c.r.URL.Query()
	n, ok := c.pageSize(query)
	if !ok {
		return nil, false
	}
	if last := query.Get("last"); last != "" {
		after, found := slices.BinarySearch(names, last)
		if found {
			after++
		}
		names = names[after:]
	}
	if n < 0 || n >= len(names) {
		return names, true
	}
	names = names[:n]
	if n > 0 {
		next := url.Values{"last": {names[n-1]}, "n": {strconv.Itoa(n)}}
		c.w.Header().Set("Link", "<"+c.r.URL.EscapedPath()+"?"+next.Encode()+`>; rel="next"`)
	}
	return names, true
}

// pageSize is the n asked for, after the quirks about it; -1 is no limit.
func (c *call) pageSize(query url.Values) (int, bool) {
	n := -1
	if text := query.Get("n"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 0 {
			c.fail(http.StatusBadRequest, codePageInvalid, "invalid number of results requested", "n", text)
			return 0, false
		}
	}
	if limit := c.quirks.PageLimit; limit > 0 && n > limit {
		c.fail(http.StatusRequestEntityTooLarge, codePageInvalid, "too many results requested",
			"n", strconv.Itoa(n), "max", strconv.Itoa(limit))
		return 0, false
	}
	if limit := max(c.quirks.PageLimit, c.quirks.ClampPage); limit > 0 && (n < 0 || n > limit) {
		n = limit
	}
	return n, true
}

func (c *call) referrers() {
	if c.quirks.NoReferrers {
		c.fail(http.StatusNotFound, codeUnsupported, "the referrers API is not served here")
		return
	}
	if !oci.IsDigest(c.to.reference) {
		c.fail(http.StatusBadRequest, codeDigestInvalid, "invalid digest", "digest", c.to.reference)
		return
	}
	found := c.repo.Referrers(c.to.reference)
	if wanted := c.r.URL.Query().Get("artifactType"); wanted != "" {
		found = slices.DeleteFunc(found, func(d oci.Descriptor) bool { return d.ArtifactType != wanted })
		c.w.Header().Set("OCI-Filters-Applied", "artifactType")
	}
	writeBody(c.w, http.StatusOK, oci.MediaIndex, store.ReferrersIndex(found))
}
