package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"regatta/registry/sandbox"
)

const (
	noDigest   = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
	emptyIndex = `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}`
	indexType  = "Content-Type: application/vnd.oci.image.index.v1+json"
	imageType  = "Content-Type: application/vnd.oci.image.manifest.v1+json"
)

// The error codes of distribution-spec 1.1 and the statuses they come with.
func TestErrorCodes(t *testing.T) {
	t.Parallel()
	missingBlob := fmt.Sprintf(`{"schemaVersion":2,"config":{"mediaType":"x/y","digest":%q,"size":2},"layers":[]}`, noDigest)
	missingChild := fmt.Sprintf(`{"schemaVersion":2,"manifests":[{"mediaType":"x/y","digest":%q,"size":2}]}`, noDigest)
	for _, c := range []struct {
		method, path, body, header string
		status                     int
		code                       string
	}{
		{"GET", "/v2/no/such/tags/list", "", "", 404, "NAME_UNKNOWN"},
		{"GET", "/v2/Bad/tags/list", "", "", 400, "NAME_INVALID"},
		{"GET", "/v2/app/manifests/none", "", "", 404, "MANIFEST_UNKNOWN"},
		{"GET", "/v2/app/manifests/" + noDigest, "", "", 404, "MANIFEST_UNKNOWN"},
		{"GET", "/v2/app/manifests/sha256:12", "", "", 400, "DIGEST_INVALID"},
		{"GET", "/v2/app/blobs/" + noDigest, "", "", 404, "BLOB_UNKNOWN"},
		{"GET", "/v2/app/blobs/sha256:XY", "", "", 400, "DIGEST_INVALID"},
		{"GET", "/v2/app/blobs/uploads/77", "", "", 404, "BLOB_UPLOAD_UNKNOWN"},
		{"GET", "/v2/app/referrers/sha256:12", "", "", 400, "DIGEST_INVALID"},
		{"GET", "/v2/app/tags/list?n=x", "", "", 400, "PAGINATION_NUMBER_INVALID"},
		{"GET", "/v2/app", "", "", 404, "UNSUPPORTED"},
		{"POST", "/v2/app/tags/list", "", "", 405, "UNSUPPORTED"},
		{"POST", "/v2/app/blobs/" + noDigest, "", "", 405, "UNSUPPORTED"},
		{"PATCH", "/v2/app/manifests/v1", "", "", 405, "UNSUPPORTED"},
		{"PUT", "/v2/app/manifests/v1", "{", imageType, 400, "MANIFEST_INVALID"},
		{"PUT", "/v2/app/manifests/v1", emptyIndex, imageType, 400, "MANIFEST_INVALID"},
		{"PUT", "/v2/app/manifests/v1", "{}", "", 400, "MANIFEST_INVALID"},
		{"PUT", "/v2/app/manifests/.v1", emptyIndex, indexType, 400, "MANIFEST_INVALID"},
		{"PUT", "/v2/app/manifests/" + noDigest, emptyIndex, indexType, 400, "DIGEST_INVALID"},
		{"PUT", "/v2/app/manifests/v1", missingBlob, imageType, 404, "MANIFEST_BLOB_UNKNOWN"},
		{"PUT", "/v2/app/manifests/v1", missingChild, indexType, 404, "MANIFEST_UNKNOWN"},
		{"PUT", "/v2/app/manifests/v1", strings.Repeat(" ", 4<<20+1), indexType, 413, "SIZE_INVALID"},
		{"POST", "/v2/app/blobs/uploads/?digest=" + noDigest, "abc", "", 400, "DIGEST_INVALID"},
		{"DELETE", "/v2/app/manifests/none", "", "", 404, "MANIFEST_UNKNOWN"},
		{"DELETE", "/v2/app/blobs/" + noDigest, "", "", 404, "BLOB_UNKNOWN"},
	} {
		t.Run(c.method+" "+c.path[:min(len(c.path), 40)], func(t *testing.T) {
			t.Parallel()
			rg := open(t, sandbox.Options{Empty: true})
			rg.PushImage("app", sandbox.Image{Layers: []string{"layer"}})
			headers := []string{}
			if c.header != "" {
				headers = append(headers, c.header)
			}
			ask(t, rg, c.method, c.path, c.body, headers...).want(t, c.status, `"code":"`+c.code+`"`)
		})
	}
}

func TestDeleteTagKeepsManifest(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Empty: true})
	digest := rg.PushImage("app", sandbox.Image{Layers: []string{"layer"}})
	rg.Tag("app", "a", digest, clock())
	rg.Tag("app", "b", digest, clock())
	ask(t, rg, "DELETE", "/v2/app/manifests/a", "").want(t, http.StatusAccepted, "")
	ask(t, rg, "GET", "/v2/app/manifests/a", "").want(t, http.StatusNotFound, "MANIFEST_UNKNOWN")
	ask(t, rg, "HEAD", "/v2/app/manifests/b", "").want(t, http.StatusOK, "").wantHeader(t, "Docker-Content-Digest", digest)
}

func TestDeleteDigestTakesItsTagsAndLeavesChildren(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Empty: true})
	child := rg.PushImage("app", sandbox.Image{Layers: []string{"layer"}})
	index := rg.PushIndex("app", child)
	rg.Tag("app", "v1", index, clock())
	rg.Tag("app", "latest", index, clock())
	rg.Tag("app", "amd64", child, clock())
	ask(t, rg, "DELETE", "/v2/app/manifests/"+index, "").want(t, http.StatusAccepted, "")
	ask(t, rg, "GET", "/v2/app/tags/list", "").want(t, http.StatusOK, `"tags":["amd64"]`)
	ask(t, rg, "GET", "/v2/app/manifests/"+child, "").want(t, http.StatusOK, "config")
}

func TestListsInPages(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Empty: true})
	digest := rg.PushImage("app", sandbox.Image{})
	for _, tag := range []string{"b", "a", "C", "v10", "v2"} {
		rg.Tag("app", tag, digest, clock())
	}
	first := ask(t, rg, "GET", "/v2/app/tags/list?n=3", "").want(t, http.StatusOK, `["C","a","b"]`)
	first.wantHeader(t, "Link", `</v2/app/tags/list?last=b&n=3>; rel="next"`)
	last := ask(t, rg, "GET", "/v2/app/tags/list?n=3&last=b", "").want(t, http.StatusOK, `["v10","v2"]`)
	last.wantHeader(t, "Link", "")
	ask(t, rg, "GET", "/v2/_catalog?last=app", "").want(t, http.StatusOK, `"repositories":[]`)
}
