package oci_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
)

// hostile serves handler under /v2/ and answers pings itself.
func hostile(t *testing.T, handler http.HandlerFunc) *oci.Client {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v2/" {
			return
		}
		handler(w, r)
	}))
	t.Cleanup(srv.Close)
	tr := httpx.New(httpx.Options{Now: clock, Retries: -1, CertDirs: []string{}})
	t.Cleanup(tr.CloseIdleConnections)
	return oci.New(strings.TrimPrefix(srv.URL, "http://"), oci.Options{Transport: tr, Now: clock, PageSize: 3})
}

func body(status int, contentType, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		w.WriteHeader(status)
		_, _ = w.Write([]byte(text))
	}
}

const (
	jsonType = "application/json"
	ociType  = image.MediaTypeOCIManifest
)

func TestHostileManifests(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 1<<20)
	tests := []struct {
		name    string
		handler http.HandlerFunc
		want    fault.Kind
		detail  string
	}{
		{"too large", body(200, ociType, `{"x":"`+strings.Repeat("x", 5<<20)+`"}`), fault.TooLarge, "5.2 MB"},
		{"too large, chunked", func(w http.ResponseWriter, _ *http.Request) {
			for range 100 {
				_, _ = w.Write([]byte(strings.Repeat(" ", 64<<10)))
			}
		}, fault.TooLarge, "4.2 MB"},
		{"deep", body(200, ociType, deep), fault.Protocol, ""},
		{"deep inside", body(200, ociType, `{"config":{"x":`+deep+`}}`), fault.Protocol, ""},
		{"empty", body(200, ociType, ""), fault.Protocol, ""},
		{"not an object", body(200, ociType, `["a"]`), fault.Protocol, ""},
		{"wrong types", body(200, ociType, `{"schemaVersion":"two","layers":7}`), fault.Protocol, ""},
		{"nothing of a manifest", body(200, jsonType, `{"status":"ok"}`), fault.Protocol, ""},
		{"a page", body(200, "text/html; charset=utf-8", "<html>sign in"), fault.Protocol, "web page"},
		{"a page for 404", body(404, "text/html", "<html>lost"), fault.Protocol, "web page"},
		{"a page for 502", body(502, "text/html", "<html>nginx"), fault.Unavailable, "web page"},
		{"missing", body(404, jsonType, `{"errors":[{"code":"MANIFEST_UNKNOWN","message":"no such manifest"}]}`), fault.NotFound, "no such manifest"},
		{"denied", body(403, jsonType, `{"errors":[{"code":"DENIED"}]}`), fault.Denied, "DENIED"},
		{"unsupported", body(400, jsonType, `{"errors":[{"code":"UNSUPPORTED","message":"no"}]}`), fault.Unsupported, "no"},
		{"throttled", body(429, "text/plain", "slow down"), fault.RateLimited, "slow down"},
		{"wrong digest", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Docker-Content-Digest", "sha256:"+strings.Repeat("a", 64))
			body(200, ociType, `{"schemaVersion":2}`)(w, nil)
		}, fault.Corrupt, "sha256:aaa"},
		{"control characters", body(403, jsonType, `{"errors":[{"code":"DENIED","message":"a\u001b[31mb\u001b]0;t\u0007c\u202ed"}]}`), fault.Denied, "abcd"},
		{"error of wrong types", body(403, jsonType, `{"errors":[{"code":7,"message":{"a":1}}]}`), fault.Denied, "HTTP 403"},
		{"huge error", body(500, "text/plain", strings.Repeat("e", 10<<20)), fault.Unavailable, "eee"},
		{"no redirect", body(302, jsonType, ""), fault.Protocol, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := hostile(t, test.handler)
			_, err := c.Describe(t.Context(), "a/b", image.Image{Tags: []string{"t"}}, false)
			checkFault(t, err, test.want, test.detail)
		})
	}
}

func checkFault(t *testing.T, err error, want fault.Kind, detail string) {
	t.Helper()
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != want || !strings.Contains(err.Error(), detail) {
		t.Fatalf("%v, want %s with %q", err, want, detail)
	}
	if f.Op == "" || f.Object == "" || len(err.Error()) > 700 || strings.ContainsAny(err.Error(), "\x1b\x07\u202e") {
		t.Errorf("error %q of %d bytes", err, len(err.Error()))
	}
}

func TestOddManifestsAreShown(t *testing.T) {
	t.Parallel()
	digest := "sha256:" + strings.Repeat("0", 64)
	tests := []struct {
		name, media, text string
		kind              image.Kind
	}{
		{"unknown media type", "application/x-new", `{"schemaVersion":3,"mediaType":"application/x-new"}`, image.KindUnknown},
		{"schema 1", image.MediaTypeDockerSchema1JWS, `{"schemaVersion":1,"fsLayers":[{"blobSum":"` + digest + `"}]}`, image.KindSchema1},
		{"an index of nothing", image.MediaTypeOCIIndex, `{"schemaVersion":2,"manifests":[]}`, image.KindIndex},
		{"an index of what is missing", image.MediaTypeOCIIndex, `{"schemaVersion":2,"manifests":[{"digest":"` + digest + `","size":5,"platform":{"os":"linux","architecture":"amd64"}}]}`, image.KindIndex},
		{"a config that is missing", ociType, `{"schemaVersion":2,"config":{"mediaType":"` + image.MediaTypeOCIConfig + `","digest":"` + digest + `","size":9},"layers":[]}`, image.KindImage},
		{"digests that are none", ociType, `{"schemaVersion":2,"config":{"mediaType":"x","digest":"../../etc","size":-9},"layers":[{"digest":"no"}]}`, image.KindArtifact},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := hostile(t, func(w http.ResponseWriter, r *http.Request) {
				if !strings.HasSuffix(r.URL.Path, "/manifests/t") {
					w.WriteHeader(http.StatusNotFound)
					return
				}
				w.Header().Set("Docker-Content-Digest", string(ref.DigestOf([]byte(test.text))))
				body(200, test.media, test.text)(w, r)
			})
			got, err := c.Describe(t.Context(), "a/b", image.Image{Tags: []string{"t"}}, false)
			if err != nil || got.Kind != test.kind {
				t.Fatalf("%+v, %v", got, err)
			}
			for _, p := range got.Platforms {
				if test.kind == image.KindIndex && p.Size != -1 {
					t.Errorf("platform %+v, want size -1", p)
				}
			}
		})
	}
}

func TestHugeLabels(t *testing.T) {
	t.Parallel()
	config := `{"os":"linux","architecture":"amd64","config":{"Labels":{"x":"` + strings.Repeat("l", 10<<20) + `"}}}`
	manifest := fmt.Sprintf(`{"schemaVersion":2,"config":{"mediaType":%q,"digest":%q,"size":%d},"layers":[]}`,
		image.MediaTypeOCIConfig, ref.DigestOf([]byte(config)), len(config))
	c := hostile(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/blobs/") {
			_, _ = w.Write([]byte(config))
			return
		}
		body(200, ociType, manifest)(w, r)
	})
	m, err := c.Manifest(t.Context(), "a/b", "t")
	must(t, err)
	got, err := c.Config(t.Context(), "a/b", m)
	must(t, err)
	if n := len(got.Labels["x"]); n > 5000 {
		t.Errorf("a label of %d bytes is kept", n)
	}
}

func TestHostileLists(t *testing.T) {
	t.Parallel()
	link := func(to, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Link", "<"+to+`>; rel="next"`)
			body(200, jsonType, text)(w, r)
		}
	}
	n := 0
	tests := []struct {
		name    string
		handler http.HandlerFunc
		want    fault.Kind
		detail  string
	}{
		{"to itself", link("/v2/a/b/tags/list?n=3&last=x", `{"tags":["x"]}`), fault.Protocol, "circles"},
		{"in a circle of five", func(w http.ResponseWriter, r *http.Request) {
			n++
			link(fmt.Sprintf("/v2/a/b/tags/list?last=%d", n%5), `{"tags":[]}`)(w, r)
		}, fault.Protocol, "circles"},
		{"to another host", link("http://169.254.169.254/v2/a/b/tags/list", `{"tags":["x"]}`), fault.Protocol, "elsewhere"},
		{"to another repository", link("/v2/secret/tags/list", `{"tags":["x"]}`), fault.Protocol, "circles"},
		{"to another user", link("//u@127.0.0.1/v2/a/b/tags/list", `{"tags":["x"]}`), fault.Protocol, "elsewhere"},
		{"too large", body(200, jsonType, `{"tags":["`+strings.Repeat("x", 9<<20)+`"]}`), fault.TooLarge, "9.4 MB"},
		{"not a list", body(200, jsonType, `{"tags":"x"}`), fault.Protocol, ""},
		{"something else", body(200, jsonType, `{"status":"ok"}`), fault.Protocol, ""},
		{"an array", body(200, jsonType, `[]`), fault.Protocol, ""},
		{"a page", body(200, "text/html", `<html>`), fault.Protocol, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := hostile(t, test.handler)
			var err error
			pages := 0
			for next := ""; err == nil && (pages == 0 || next != ""); pages++ {
				var p image.Page
				p, err = c.Images(t.Context(), "a/b", next)
				next = p.Next
			}
			if pages > 20 {
				t.Errorf("%d pages before the circle was seen", pages)
			}
			checkFault(t, err, test.want, test.detail)
		})
	}
}

func TestBadNamesAreSkipped(t *testing.T) {
	t.Parallel()
	c := hostile(t, body(200, jsonType, `{"name":"a/b","tags":["good",7,"\u001b]0;x\u0007","../x","-x",null,{"a":1},"fine"],"repositories":["ok","BAD","a//b"]}`))
	p, err := c.Images(t.Context(), "a/b", "")
	must(t, err)
	if len(p.Images) != 2 || p.Omitted != 6 || c.Skipped() != 6 {
		t.Errorf("%+v, %d skipped", p.Images, c.Skipped())
	}
	repos, err := c.Repositories(t.Context(), "")
	must(t, err)
	if len(repos.Repositories) != 1 || repos.Omitted != 2 || c.Skipped() != 8 {
		t.Errorf("%+v, %d skipped", repos, c.Skipped())
	}
	if _, err := c.Images(t.Context(), "a/b", "1 2 0 3 0 0 /v2/other/tags/list"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a cursor of another list: %v", err)
	}
	if _, err := c.Images(t.Context(), "../..", ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("a bad repository: %v", err)
	}
}
