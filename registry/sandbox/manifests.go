package sandbox

import (
	"net/http"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

func (c *call) manifest() {
	switch c.r.Method {
	case http.MethodGet, http.MethodHead:
		c.getManifest()
	case http.MethodPut:
		c.putManifest()
	case http.MethodDelete:
		c.deleteManifest()
	default:
		c.notAllowed()
	}
}

func (c *call) getManifest() {
	if !c.checkReference() || !c.spend() {
		return
	}
	m, ok := c.repo.Manifest(c.to.reference)
	if !ok || m.Archive.Status(c.now()) != store.Active {
		c.manifestUnknown()
		return
	}
	if c.r.Method == http.MethodGet {
		c.repo.MarkPulled(c.to.reference, c.now())
	}
	c.w.Header().Set("Docker-Content-Digest", m.Digest)
	c.w.Header().Set("Etag", `"`+m.Digest+`"`)
	writeBody(c.w, http.StatusOK, m.MediaType, m.Raw)
}

func (c *call) manifestUnknown() {
	c.fail(http.StatusNotFound, codeManifestUnknown, "manifest unknown", "reference", c.to.reference)
}

// checkReference answers 400 or 404 to what is neither a digest nor a tag.
func (c *call) checkReference() bool {
	reference := c.to.reference
	switch {
	case oci.LooksLikeDigest(reference) && !oci.IsDigest(reference):
		c.fail(http.StatusBadRequest, codeDigestInvalid, "invalid digest", "digest", reference)
	case !oci.LooksLikeDigest(reference) && !oci.IsTag(reference):
		c.fail(http.StatusNotFound, codeManifestUnknown, "invalid tag", "tag", reference)
	default:
		return true
	}
	return false
}

func (c *call) deleteManifest() {
	byTag := !oci.LooksLikeDigest(c.to.reference)
	if c.quirks.NoDelete || byTag && c.quirks.NoTagDelete {
		c.notAllowed()
		return
	}
	if !c.checkReference() {
		return
	}
	if !c.remove(byTag) {
		c.manifestUnknown()
		return
	}
	c.w.WriteHeader(http.StatusAccepted)
}

func (c *call) remove(byTag bool) bool {
	if byTag {
		return c.repo.Untag(c.to.reference)
	}
	_, ok := c.repo.DeleteManifest(c.to.reference)
	return ok
}

// accept stores a checked manifest and answers 201.
func (c *call) accept(m store.Manifest) {
	c.repo.PutManifest(m)
	if !oci.LooksLikeDigest(c.to.reference) {
		c.repo.SetTag(c.to.reference, m.Digest, m.PushedAt)
	}
	if m.Fields.Subject != nil && !c.quirks.NoReferrers {
		c.w.Header().Set("OCI-Subject", m.Fields.Subject.Digest)
	}
	c.w.Header().Set("Docker-Content-Digest", m.Digest)
	c.w.Header().Set("Location", "/v2/"+c.repo.Name+"/manifests/"+m.Digest)
	c.w.WriteHeader(http.StatusCreated)
}
