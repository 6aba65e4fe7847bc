package sandbox

import (
	"net/http"
	"slices"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// call is one request on its way through the protocol.
type call struct {
	*Registry

	w      http.ResponseWriter
	r      *http.Request
	to     route
	quirks Quirks
	repo   *store.Repository // nil on endpoints without a repository
}

func (c *call) fail(status int, code code, message string, detail ...string) {
	fail(c.w, status, code, message, detail...)
}

func (c *call) dispatch() {
	if c.to.repository != "" && !c.enter() {
		return
	}
	switch c.to.endpoint {
	case toPing:
		c.only(c.ping, http.MethodGet, http.MethodHead)
	case toCatalog:
		c.only(c.catalog, http.MethodGet)
	case toTags:
		c.only(c.tags, http.MethodGet)
	case toReferrers:
		c.only(c.referrers, http.MethodGet)
	case toManifest:
		c.manifest()
	case toBlob:
		c.blob()
	case toUploads:
		c.only(c.startUpload, http.MethodPost)
	case toUpload:
		c.upload()
	}
}

// enter finds the repository of the path; a push makes it.
func (c *call) enter() bool {
	name := c.to.repository
	if !oci.IsName(name) {
		c.fail(http.StatusBadRequest, codeNameInvalid, "invalid repository name", "name", name)
		return false
	}
	if c.writes() {
		c.repo = c.store.Ensure(name)
		return true
	}
	repo, ok := c.store.Repository(name)
	if !ok {
		c.fail(http.StatusNotFound, codeNameUnknown, "repository name not known to registry", "name", name)
		return false
	}
	c.repo = repo
	if c.quirks.NoReferrers {
		repo.FallBack()
	}
	return true
}

func (c *call) writes() bool {
	switch c.r.Method {
	case http.MethodPut, http.MethodPost, http.MethodPatch:
		return true
	}
	return false
}

func (c *call) only(serve func(), methods ...string) {
	if !slices.Contains(methods, c.r.Method) {
		c.notAllowed()
		return
	}
	serve()
}

func (c *call) notAllowed() {
	c.fail(http.StatusMethodNotAllowed, codeUnsupported, "the operation is unsupported")
}

func (c *call) ping() { writeBody(c.w, http.StatusOK, "application/json", []byte("{}")) }
