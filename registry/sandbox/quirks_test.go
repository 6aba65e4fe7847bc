package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"regatta/registry/sandbox"
)

// small is a registry with one image under two tags.
func small(t *testing.T, q sandbox.Quirks) (*sandbox.Registry, string) {
	t.Helper()
	rg := open(t, sandbox.Options{Empty: true, Quirks: q})
	digest := rg.PushImage("app", sandbox.Image{Layers: []string{"layer"}})
	rg.Tag("app", "v1", digest, clock())
	rg.Tag("app", "v2", digest, clock())
	return rg, digest
}

func TestNoTagDelete(t *testing.T) {
	t.Parallel()
	rg, digest := small(t, sandbox.Quirks{NoTagDelete: true})
	ask(t, rg, "DELETE", "/v2/app/manifests/v1", "").want(t, http.StatusMethodNotAllowed, "UNSUPPORTED")
	ask(t, rg, "DELETE", "/v2/app/manifests/"+digest, "").want(t, http.StatusAccepted, "")
}

func TestNoDelete(t *testing.T) {
	t.Parallel()
	rg, digest := small(t, sandbox.Quirks{NoDelete: true})
	for _, path := range []string{"manifests/v1", "manifests/" + digest, "blobs/" + digest} {
		ask(t, rg, "DELETE", "/v2/app/"+path, "").want(t, http.StatusMethodNotAllowed, "UNSUPPORTED")
	}
}

func TestNoCatalog(t *testing.T) {
	t.Parallel()
	rg, _ := small(t, sandbox.Quirks{NoCatalog: true})
	ask(t, rg, "GET", "/v2/_catalog", "").want(t, http.StatusUnauthorized, "UNSUPPORTED")
}

func TestPageLimitRefuses(t *testing.T) {
	t.Parallel()
	rg, _ := small(t, sandbox.Quirks{PageLimit: 1})
	ask(t, rg, "GET", "/v2/app/tags/list?n=2", "").want(t, http.StatusRequestEntityTooLarge, "PAGINATION_NUMBER_INVALID")
	ask(t, rg, "GET", "/v2/app/tags/list", "").want(t, http.StatusOK, `["v1"]`)
}

func TestClampPageLinks(t *testing.T) {
	t.Parallel()
	rg, _ := small(t, sandbox.Quirks{ClampPage: 1})
	page := ask(t, rg, "GET", "/v2/app/tags/list?n=50", "").want(t, http.StatusOK, `["v1"]`)
	page.wantHeader(t, "Link", `</v2/app/tags/list?last=v1&n=1>; rel="next"`)
}

func TestWarning(t *testing.T) {
	t.Parallel()
	rg, _ := small(t, sandbox.Quirks{})
	rg.SetQuirks(sandbox.Quirks{Warning: "going away"})
	ask(t, rg, "GET", "/v2/", "").want(t, http.StatusOK, "{}").wantHeader(t, "Warning", `299 - "going away"`)
}

func TestRateLimitCountsManifestGets(t *testing.T) {
	t.Parallel()
	rg, _ := small(t, sandbox.Quirks{RateHeaders: true})
	for range 100 {
		ask(t, rg, "GET", "/v2/app/manifests/v1", "").want(t, http.StatusOK, "config")
	}
	head := ask(t, rg, "HEAD", "/v2/app/manifests/v1", "").want(t, http.StatusOK, "")
	head.wantHeader(t, "Ratelimit-Limit", "100;w=21600")
	head.wantHeader(t, "Ratelimit-Remaining", "0;w=21600")
	over := ask(t, rg, "GET", "/v2/app/manifests/v1", "").want(t, http.StatusTooManyRequests, "TOOMANYREQUESTS")
	over.wantHeader(t, "Retry-After", "21600")
}

func TestReferrers(t *testing.T) {
	t.Parallel()
	rg, digest := small(t, sandbox.Quirks{})
	rg.PushArtifact("app", sandbox.Artifact{Type: "x/sig", Subject: digest, MediaType: "x/y", Content: "1"})
	rg.PushArtifact("app", sandbox.Artifact{Type: "x/sbom", Subject: digest, MediaType: "x/y", Content: "2"})
	all := ask(t, rg, "GET", "/v2/app/referrers/"+digest, "").want(t, http.StatusOK, `"artifactType":"x/sig"`)
	all.wantHeader(t, "Content-Type", "application/vnd.oci.image.index.v1+json")
	some := ask(t, rg, "GET", "/v2/app/referrers/"+digest+"?artifactType=x/sbom", "").want(t, http.StatusOK, "x/sbom")
	some.wantHeader(t, "OCI-Filters-Applied", "artifactType")
	if strings.Contains(some.body, "x/sig") {
		t.Error("the filter let a signature through")
	}
	ask(t, rg, "GET", "/v2/app/referrers/"+noDigest, "").want(t, http.StatusOK, `"manifests":[]`)
}

// Without the referrers API, the referrers that are there show under fallback
// tags, and a push is not told that its subject was noted.
func TestNoReferrers(t *testing.T) {
	t.Parallel()
	rg, digest := small(t, sandbox.Quirks{NoReferrers: true})
	rg.PushArtifact("app", sandbox.Artifact{Type: "x/sig", Subject: digest, MediaType: "x/y", Content: "1"})
	fallback := strings.Replace(digest, ":", "-", 1)
	ask(t, rg, "GET", "/v2/app/referrers/"+digest, "").want(t, http.StatusNotFound, "UNSUPPORTED")
	ask(t, rg, "GET", "/v2/app/manifests/"+fallback, "").want(t, http.StatusOK, `"artifactType":"x/sig"`)
	ask(t, rg, "GET", "/v2/app/tags/list", "").want(t, http.StatusOK, fallback)
	body := strings.Replace(emptyIndex, "{", `{"subject":{"mediaType":"x/y","digest":"`+digest+`","size":1},`, 1)
	ask(t, rg, "PUT", "/v2/app/manifests/s", body, indexType).want(t, 201, "").wantHeader(t, "OCI-Subject", "")
	rg.SetQuirks(sandbox.Quirks{})
	ask(t, rg, "PUT", "/v2/app/manifests/s", body, indexType).want(t, 201, "").wantHeader(t, "OCI-Subject", digest)
}
