package sandbox

import (
	"strings"
	"testing"
)

func TestParseRoute(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]route{
		"/v2":                      {endpoint: toPing},
		"/v2/":                     {endpoint: toPing},
		"/v2/_catalog":             {endpoint: toCatalog},
		"/v2/a/b/tags/list":        {endpoint: toTags, repository: "a/b"},
		"/v2/a/manifests/v1":       {endpoint: toManifest, repository: "a", reference: "v1"},
		"/v2/a/blobs/sha256:0":     {endpoint: toBlob, repository: "a", reference: "sha256:0"},
		"/v2/a/blobs/uploads/":     {endpoint: toUploads, repository: "a"},
		"/v2/a/blobs/uploads":      {endpoint: toUploads, repository: "a"},
		"/v2/a/blobs/uploads/7":    {endpoint: toUpload, repository: "a", reference: "7"},
		"/v2/a/referrers/sha256:0": {endpoint: toReferrers, repository: "a", reference: "sha256:0"},
		"/v2/a/manifests/b/manifests/tags/manifests/list": {
			endpoint: toManifest, repository: "a/manifests/b/manifests/tags", reference: "list",
		},
		"/v2/tags/tags/list": {endpoint: toTags, repository: "tags"},
	} {
		if got, ok := parseRoute(path); !ok || got != want {
			t.Errorf("%s is %+v, %v; want %+v", path, got, ok, want)
		}
	}
	for _, path := range []string{"", "/", "/v3/", "/v22", "/v2/a", "/v2/tags/list", "/v2/manifests/v1", "/v2/a/manifests/"} {
		if got, ok := parseRoute(path); ok {
			t.Errorf("%s is %+v, want nothing", path, got)
		}
	}
}

// No path panics, and what a route says is in the path.
func FuzzParseRoute(f *testing.F) {
	for _, path := range []string{"/v2/", "/v2/a/b/tags/list", "/v2/a/blobs/uploads/7", "/v2//manifests//", "/v2/a/blobs//"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		to, ok := parseRoute(path)
		if !ok {
			return
		}
		if !strings.HasPrefix(path, "/v2") || !strings.Contains(path, to.repository) || !strings.Contains(path, to.reference) {
			t.Errorf("%q is %+v", path, to)
		}
		if needs := to.endpoint == toManifest || to.endpoint == toBlob || to.endpoint == toUpload; needs &&
			(to.repository == "" || to.reference == "") {
			t.Errorf("%q is %+v", path, to)
		}
	})
}

// Ranges never leave the blob.
func FuzzParseRange(f *testing.F) {
	f.Add("bytes=0-3", int64(10))
	f.Add("bytes=-5", int64(3))
	f.Add("bytes=9223372036854775807-", int64(1))
	f.Fuzz(func(t *testing.T, header string, size int64) {
		if size < 0 {
			return
		}
		got, _ := parseRange(header, size)
		if got.offset < 0 || got.length < 0 || got.offset+got.length > size {
			t.Errorf("%q of %d is %+v", header, size, got)
		}
	})
}
