package sandbox_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"regatta/registry/sandbox"
)

func digestOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func TestRanges(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Empty: true})
	rg.PushImage("app", sandbox.Image{Layers: []string{"0123456789"}})
	path := "/v2/app/blobs/" + digestOf("0123456789")
	for _, c := range []struct {
		header string
		status int
		body   string
		span   string
	}{
		{"bytes=0-3", 206, "0123", "bytes 0-3/10"},
		{"bytes=7-", 206, "789", "bytes 7-9/10"},
		{"bytes=8-99", 206, "89", "bytes 8-9/10"},
		{"bytes=-2", 206, "89", "bytes 8-9/10"},
		{"bytes=10-", 416, "", "bytes */10"},
		{"bytes=5-2", 200, "0123456789", ""},
		{"bytes=0-1,3-4", 200, "0123456789", ""},
		{"lines=1-2", 200, "0123456789", ""},
	} {
		got := ask(t, rg, "GET", path, "", "Range: "+c.header).want(t, c.status, c.body)
		got.wantHeader(t, "Content-Range", c.span)
		if c.status != 416 && got.body != c.body {
			t.Errorf("%s: %q, want %q", c.header, got.body, c.body)
		}
	}
	head := ask(t, rg, "HEAD", path, "").want(t, 200, "")
	head.wantHeader(t, "Content-Length", "10")
	head.wantHeader(t, "Accept-Ranges", "bytes")
}

// A range of a seeded layer is the same bytes as in the whole.
func TestRangesOfSeededLayers(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{})
	layer := firstLayer(t, rg, "base/distroless")
	whole := ask(t, rg, "GET", "/v2/base/distroless/blobs/"+layer, "").want(t, 200, "")
	if digestOf(whole.body) != layer {
		t.Error("the layer does not have its digest")
	}
	part := ask(t, rg, "GET", "/v2/base/distroless/blobs/"+layer, "", "Range: bytes=70000-150000").want(t, 206, "")
	if part.body != whole.body[70000:150001] {
		t.Error("the range differs")
	}
}

// firstLayer is the lowest layer of the newest image of a repository.
func firstLayer(t *testing.T, rg *sandbox.Registry, repo string) string {
	t.Helper()
	image := ask(t, rg, "GET", "/v2/"+repo+"/manifests/latest", "").want(t, 200, "")
	if strings.Contains(image.body, `"manifests"`) {
		child := digestIn(t, image.body, `"manifests"`)
		image = ask(t, rg, "GET", "/v2/"+repo+"/manifests/"+child, "").want(t, 200, "layers")
	}
	return digestIn(t, image.body, `"layers"`)
}

// digestIn is the first digest after a word.
func digestIn(t *testing.T, body, word string) string {
	t.Helper()
	_, rest, found := strings.Cut(body, word)
	i := strings.Index(rest, "sha256:")
	if !found || i < 0 {
		t.Fatalf("no digest after %s in %s", word, body)
	}
	return rest[i : i+len(noDigest)]
}

func TestUploadInChunks(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Empty: true})
	at := ask(t, rg, "POST", "/v2/app/blobs/uploads/", "").want(t, 202, "").Header.Get("Location")
	ask(t, rg, "PATCH", at, "01234", "Content-Range: 0-4").want(t, 202, "").wantHeader(t, "Range", "0-4")
	late := ask(t, rg, "PATCH", at, "89", "Content-Range: 8-9").want(t, 416, "BLOB_UPLOAD_INVALID")
	late.wantHeader(t, "Range", "0-4")
	ask(t, rg, "PATCH", at, "567", "Content-Range: 5-9").want(t, 416, "")
	ask(t, rg, "GET", at, "").want(t, 204, "").wantHeader(t, "Range", "0-4")
	ask(t, rg, "PATCH", at, "567", "Content-Range: 5-7").want(t, 202, "")
	done := ask(t, rg, "PUT", at+"?digest="+digestOf("0123456789"), "89").want(t, 201, "")
	done.wantHeader(t, "Docker-Content-Digest", digestOf("0123456789"))
	ask(t, rg, "GET", "/v2/app/blobs/"+digestOf("0123456789"), "").want(t, 200, "0123456789")
	ask(t, rg, "GET", at, "").want(t, 404, "BLOB_UPLOAD_UNKNOWN")
}

func TestUploadAtOnce(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Empty: true})
	ask(t, rg, "POST", "/v2/app/blobs/uploads/?digest="+digestOf("abc"), "abc").want(t, 201, "")
	ask(t, rg, "HEAD", "/v2/app/blobs/"+digestOf("abc"), "").want(t, 200, "").wantHeader(t, "Content-Length", "3")
}

func TestUploadCancelled(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Empty: true})
	at := ask(t, rg, "POST", "/v2/app/blobs/uploads/", "").want(t, 202, "").Header.Get("Location")
	ask(t, rg, "DELETE", at, "").want(t, 204, "")
	ask(t, rg, "PATCH", at, "0").want(t, 404, "BLOB_UPLOAD_UNKNOWN")
}

// Large uploads move to a file, and read back as they were sent.
func TestUploadSpills(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	rg := open(t, sandbox.Options{Empty: true})
	content := strings.Repeat("0123456789abcdef", 600_000)
	path := "/v2/app/blobs/" + digestOf(content)
	ask(t, rg, "POST", "/v2/app/blobs/uploads/?digest="+digestOf(content), content).want(t, 201, "")
	if got := ask(t, rg, "GET", path, "").want(t, 200, ""); got.body != content {
		t.Error("the content changed")
	}
	ask(t, rg, "GET", path, "", "Range: bytes=9000000-9000015").want(t, 206, "0123456789abcdef")
	wrong := ask(t, rg, "POST", "/v2/app/blobs/uploads/?digest="+noDigest, content)
	wrong.want(t, 400, "DIGEST_INVALID")
}

func TestMount(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Empty: true})
	rg.PushImage("app", sandbox.Image{Layers: []string{"abc"}})
	query := func(digest, from string) string {
		return fmt.Sprintf("/v2/other/blobs/uploads/?mount=%s&from=%s", digest, from)
	}
	ask(t, rg, "POST", query(digestOf("abc"), "app"), "").want(t, http.StatusCreated, "")
	ask(t, rg, "HEAD", "/v2/other/blobs/"+digestOf("abc"), "").want(t, http.StatusOK, "")
	ask(t, rg, "POST", query(noDigest, "app"), "").want(t, http.StatusAccepted, "")
	ask(t, rg, "POST", query(digestOf("abc"), "nowhere"), "").want(t, http.StatusAccepted, "")
}

func TestBlobDelete(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Empty: true})
	rg.PushImage("app", sandbox.Image{Layers: []string{"abc"}})
	ask(t, rg, "DELETE", "/v2/app/blobs/"+digestOf("abc"), "").want(t, http.StatusAccepted, "")
	ask(t, rg, "GET", "/v2/app/blobs/"+digestOf("abc"), "").want(t, http.StatusNotFound, "BLOB_UNKNOWN")
}
