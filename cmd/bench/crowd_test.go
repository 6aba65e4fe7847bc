//go:build linux

package bench

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"regatta/model/image"
)

// crowd is a registry of one repository with many tags, each its own image.
type crowd struct {
	visits

	host    string
	tags    []string
	configs map[string][]byte // guarded by visits
}

func newCrowd(b *testing.B, n int) *crowd {
	b.Helper()
	c := &crowd{configs: map[string][]byte{}}
	for i := range n {
		c.tags = append(c.tags, fmt.Sprintf("v%d.%d.%d-build.%07d", i/1000, i/100%10, i%100, i))
	}
	slices.Sort(c.tags)
	s := httptest.NewServer(c)
	b.Cleanup(s.Close)
	c.host = strings.TrimPrefix(s.URL, "http://")
	return c
}

// ServeHTTP implements http.Handler.
func (c *crowd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.asked.Add(1)
	defer c.served(&c.latest)
	rest, ok := strings.CutPrefix(r.URL.Path, "/v2/app/")
	kind, name, _ := strings.Cut(rest, "/")
	switch {
	case r.URL.Path == "/v2/":
	case ok && kind == "tags":
		c.page(w, r)
	case ok && kind == "manifests":
		c.manifest(w, name)
	case ok && kind == "blobs":
		c.mu.Lock()
		defer c.mu.Unlock()
		_, _ = w.Write(c.configs[name])
	default:
		http.NotFound(w, r)
	}
}

func (c *crowd) page(w http.ResponseWriter, r *http.Request) {
	from, found := slices.BinarySearch(c.tags, r.URL.Query().Get("last"))
	if found {
		from++
	}
	n, err := strconv.Atoi(r.URL.Query().Get("n"))
	if err != nil {
		n = 100
	}
	page := c.tags[from:min(from+n, len(c.tags))]
	if from+n < len(c.tags) {
		w.Header().Set("Link", fmt.Sprintf(`</v2/app/tags/list?n=%d&last=%s>; rel="next"`, n, page[len(page)-1]))
	} else {
		c.served(&c.listed)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"name": "app", "tags": page})
}

func (c *crowd) manifest(w http.ResponseWriter, tag string) {
	i, found := slices.BinarySearch(c.tags, tag)
	if !found {
		http.Error(w, `{"errors":[{"code":"MANIFEST_UNKNOWN"}]}`, http.StatusNotFound)
		return
	}
	created := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Duration(i) * time.Minute)
	config := fmt.Appendf(nil, `{"os":"linux","architecture":"amd64","created":%q,"rootfs":{"type":"layers"}}`,
		created.Format(time.RFC3339))
	body := fmt.Appendf(nil, `{"schemaVersion":2,"mediaType":%q,"config":{"mediaType":%q,"size":%d,"digest":%q},"layers":[]}`,
		image.MediaTypeOCIManifest, "application/vnd.oci.image.config.v1+json", len(config), digestOf(config))
	c.mu.Lock()
	c.configs[digestOf(config)] = config
	c.mu.Unlock()
	w.Header().Set("Content-Type", image.MediaTypeOCIManifest)
	w.Header().Set("Docker-Content-Digest", digestOf(body))
	_, _ = w.Write(body)
}

func digestOf(raw []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(raw)) }
