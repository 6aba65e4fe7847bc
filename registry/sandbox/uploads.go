package sandbox

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

func (c *call) startUpload() {
	query := c.r.URL.Query()
	if digest := query.Get("mount"); digest != "" && c.mount(digest, query.Get("from")) {
		return
	}
	u := c.store.StartUpload(c.repo.Name)
	if digest := query.Get("digest"); digest != "" {
		u.Lock()
		defer u.Unlock()
		c.finishUpload(u, digest)
		return
	}
	c.uploadState(u, http.StatusAccepted)
}

// mount answers 201 if the other repository has the blob.
func (c *call) mount(digest, from string) bool {
	source, ok := c.store.Repository(from)
	if !ok || !c.mayPull(c.r, from) {
		return false
	}
	content, ok := source.Blob(digest)
	if !ok {
		return false
	}
	c.repo.PutBlob(digest, content)
	c.blobCreated(digest)
	return true
}

func (c *call) upload() {
	u, ok := c.store.Upload(c.repo.Name, c.to.reference)
	if !ok {
		c.fail(http.StatusNotFound, codeBlobUploadUnknown, "blob upload unknown to registry")
		return
	}
	u.Lock()
	defer u.Unlock()
	switch c.r.Method {
	case http.MethodGet:
		c.uploadState(u, http.StatusNoContent)
	case http.MethodPatch:
		if c.receive(u) {
			c.uploadState(u, http.StatusAccepted)
		}
	case http.MethodPut:
		c.finishUpload(u, c.r.URL.Query().Get("digest"))
	case http.MethodDelete:
		c.cancelUpload(u)
	default:
		c.notAllowed()
	}
}

func (c *call) cancelUpload(u *store.Upload) {
	if err := u.Cancel(); err != nil {
		c.fail(http.StatusInternalServerError, codeBlobUploadInvalid, err.Error())
		return
	}
	c.w.WriteHeader(http.StatusNoContent)
}

func (c *call) uploadState(u *store.Upload, status int) {
	h := c.w.Header()
	h.Set("Location", "/v2/"+c.repo.Name+"/blobs/uploads/"+u.ID)
	h.Set("Docker-Upload-Uuid", u.ID)
	h.Set("Range", "0-"+strconv.FormatInt(max(u.Size()-1, 0), 10))
	c.w.WriteHeader(status)
}

// receive appends the body, if it starts where the last one ended.
func (c *call) receive(u *store.Upload) bool {
	if header := c.r.Header.Get("Content-Range"); header != "" && !c.follows(header, u.Size()) {
		c.w.Header().Set("Location", "/v2/"+c.repo.Name+"/blobs/uploads/"+u.ID)
		c.w.Header().Set("Range", "0-"+strconv.FormatInt(max(u.Size()-1, 0), 10))
		c.fail(http.StatusRequestedRangeNotSatisfiable, codeBlobUploadInvalid, "chunk out of order")
		return false
	}
	_, err := io.CopyBuffer(onlyWriter{u}, c.r.Body, make([]byte, 64<<10))
	switch {
	case errors.Is(err, store.ErrTooLarge):
		c.fail(http.StatusRequestEntityTooLarge, codeSizeInvalid, "blob is larger than the sandbox keeps")
	case err != nil:
		c.fail(http.StatusBadRequest, codeBlobUploadInvalid, "body could not be read")
	}
	return err == nil
}

// follows checks a Content-Range, "<start>-<end>" in bytes, against the size
// received and the length of the body.
func (c *call) follows(header string, size int64) bool {
	from, to, _ := strings.Cut(strings.TrimPrefix(header, "bytes "), "-")
	to, _, _ = strings.Cut(to, "/")
	first, err := strconv.ParseInt(from, 10, 64)
	last, err2 := strconv.ParseInt(to, 10, 64)
	if err != nil || err2 != nil || first != size || last < first {
		return false
	}
	return c.r.ContentLength < 0 || c.r.ContentLength == last-first+1
}

func (c *call) finishUpload(u *store.Upload, digest string) {
	if !oci.IsDigest(digest) {
		c.fail(http.StatusBadRequest, codeDigestInvalid, "invalid digest", "digest", digest)
		return
	}
	if !c.receive(u) {
		return
	}
	err := u.Commit(c.repo, digest)
	switch {
	case errors.Is(err, store.ErrDigest):
		c.fail(http.StatusBadRequest, codeDigestInvalid, "provided digest did not match uploaded content",
			"digest", digest)
	case err != nil:
		c.fail(http.StatusInternalServerError, codeBlobUploadInvalid, err.Error())
	default:
		c.blobCreated(digest)
	}
}

func (c *call) blobCreated(digest string) {
	c.w.Header().Set("Docker-Content-Digest", digest)
	c.w.Header().Set("Location", "/v2/"+c.repo.Name+"/blobs/"+digest)
	c.w.WriteHeader(http.StatusCreated)
}
