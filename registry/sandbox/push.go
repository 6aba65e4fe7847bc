package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// maxManifest is the size limit of a pushed manifest in bytes: 4 MiB, the
// least a registry must accept (distribution-spec 1.1, pushing manifests).
const maxManifest = 4 << 20

func (c *call) putManifest() {
	raw, ok := c.readManifest()
	if !ok || !c.checkPushReference() {
		return
	}
	mediaType, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil {
		mediaType = ""
	}
	m := store.NewManifest(mediaType, raw, c.now())
	if c.checkManifest(&m) && c.checkReferences(m) && c.checkMutability() {
		c.accept(m)
	}
}

func (c *call) readManifest() ([]byte, bool) {
	raw, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, maxManifest))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		c.fail(http.StatusRequestEntityTooLarge, codeSizeInvalid, "manifest is larger than 4 MiB")
		return nil, false
	case err != nil:
		c.fail(http.StatusBadRequest, codeManifestInvalid, "body could not be read")
		return nil, false
	}
	return raw, true
}

func (c *call) checkPushReference() bool {
	reference := c.to.reference
	switch {
	case oci.LooksLikeDigest(reference) && !oci.IsDigest(reference):
		c.fail(http.StatusBadRequest, codeDigestInvalid, "invalid digest", "digest", reference)
	case !oci.LooksLikeDigest(reference) && !oci.IsTag(reference):
		c.fail(http.StatusBadRequest, codeManifestInvalid, "invalid tag", "tag", reference)
	default:
		return true
	}
	return false
}

// checkManifest checks the manifest by itself: JSON, media type, digest.
func (c *call) checkManifest(m *store.Manifest) bool {
	if declared := m.Fields.MediaType; declared != "" && declared != m.MediaType || !json.Valid(m.Raw) {
		c.fail(http.StatusBadRequest, codeManifestInvalid, "manifest does not fit its media type",
			"content-type", m.MediaType)
		return false
	}
	if m.MediaType == "" {
		c.fail(http.StatusBadRequest, codeManifestInvalid, "manifest without a media type")
		return false
	}
	if !oci.LooksLikeDigest(c.to.reference) {
		return true
	}
	m.Digest = oci.DigestLike(m.Raw, c.to.reference)
	if m.Digest != c.to.reference {
		c.fail(http.StatusBadRequest, codeDigestInvalid, "provided digest did not match uploaded content",
			"digest", c.to.reference)
		return false
	}
	return true
}

// checkReferences checks that all a manifest refers to is there. A subject
// need not be (distribution-spec 1.1, pushing manifests with subject).
func (c *call) checkReferences(m store.Manifest) bool {
	blob, manifest := c.repo.Missing(m)
	switch {
	case blob != "" && !c.quirks.SparseImages:
		c.fail(http.StatusNotFound, codeManifestBlobUnknown, "blob unknown to registry", "digest", blob)
	case manifest != "" && !c.quirks.SparseIndexes:
		c.fail(http.StatusNotFound, codeManifestUnknown, "manifest of the index unknown to registry",
			"digest", manifest)
	default:
		return true
	}
	return false
}

// checkMutability keeps tags where they are that may not be moved, in ECR's
// words.
func (c *call) checkMutability() bool {
	tag := c.to.reference
	if _, there := c.repo.Tag(tag); !there || c.repo.Settings().Movable(tag) {
		return true
	}
	c.fail(http.StatusBadRequest, codeTagInvalid, "The image tag '"+tag+"' already exists in the '"+c.repo.Name+
		"' repository and cannot be overwritten because the tag is immutable.")
	return false
}
