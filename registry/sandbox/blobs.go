package sandbox

import (
	"io"
	"net/http"
	"strconv"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

func (c *call) blob() {
	if !oci.IsDigest(c.to.reference) {
		c.fail(http.StatusBadRequest, codeDigestInvalid, "invalid digest", "digest", c.to.reference)
		return
	}
	switch c.r.Method {
	case http.MethodGet, http.MethodHead:
		c.getBlob()
	case http.MethodDelete:
		c.deleteBlob()
	default:
		c.notAllowed()
	}
}

func (c *call) blobUnknown() {
	c.fail(http.StatusNotFound, codeBlobUnknown, "blob unknown to registry", "digest", c.to.reference)
}

func (c *call) deleteBlob() {
	if c.quirks.NoDelete {
		c.notAllowed()
		return
	}
	if !c.repo.DeleteBlob(c.to.reference) {
		c.blobUnknown()
		return
	}
	c.w.WriteHeader(http.StatusAccepted)
}

func (c *call) getBlob() {
	content, ok := c.repo.Blob(c.to.reference)
	if !ok {
		c.blobUnknown()
		return
	}
	span, status := parseRange(c.r.Header.Get("Range"), content.Size())
	h := c.w.Header()
	h.Set("Accept-Ranges", "bytes")
	h.Set("Docker-Content-Digest", c.to.reference)
	h.Set("Etag", `"`+c.to.reference+`"`)
	switch status {
	case http.StatusRequestedRangeNotSatisfiable:
		h.Set("Content-Range", "bytes */"+strconv.FormatInt(content.Size(), 10))
		c.fail(status, codeSizeInvalid, "range not satisfiable")
		return
	case http.StatusPartialContent:
		h.Set("Content-Range", span.header(content.Size()))
	}
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Length", strconv.FormatInt(span.length, 10))
	c.sendBlob(content, span, status)
}

// sendBlob stops at the first failed write: the client is gone.
func (c *call) sendBlob(content store.Content, span span, status int) {
	if c.r.Method == http.MethodHead {
		c.w.WriteHeader(status)
		return
	}
	src, err := content.Open(span.offset)
	if err != nil {
		c.fail(http.StatusInternalServerError, codeBlobUnknown, err.Error())
		return
	}
	defer func() { _ = src.Close() }()
	c.w.WriteHeader(status)
	buffer := make([]byte, 256<<10)
	_, _ = io.CopyBuffer(onlyWriter{c.w}, io.LimitReader(src, span.length), buffer)
}

// onlyWriter hides ReadFrom, whose buffer is smaller.
type onlyWriter struct{ io.Writer }
