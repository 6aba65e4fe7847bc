package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"regatta/cmd/app/browse"

	"regatta/cmd/app"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/config"
	"regatta/model/image"
	"regatta/model/ref"
)

// multitude is a registry of one repository with many version tags, each its own
// image, and a tag that points to the newest.
type multitude struct {
	tags  []string
	blobs map[string][]byte
	byTag map[string][]byte
}

func newMultitude(n int) *multitude {
	m := &multitude{blobs: map[string][]byte{}, byTag: map[string][]byte{}}
	for i := range n {
		at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC).Add(-time.Duration(i) * time.Hour)
		config := fmt.Appendf(nil, `{"os":"linux","architecture":"amd64","created":%q,"rootfs":{"type":"layers"}}`, at.Format(time.RFC3339))
		d := string(ref.DigestOf(config))
		manifest := fmt.Appendf(nil, `{"schemaVersion":2,"mediaType":%q,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","size":%d,"digest":%q},"layers":[]}`,
			image.MediaTypeOCIManifest, len(config), d)
		tag := fmt.Sprintf("v%d.%d.%d", (n-i)/1000, (n-i)/10%100, (n-i)%10)
		m.tags, m.blobs[d], m.byTag[tag] = append(m.tags, tag), config, manifest
		m.byTag[string(ref.DigestOf(manifest))] = manifest
	}
	m.tags, m.byTag["prod"] = append(m.tags, "prod"), m.byTag[m.tags[0]]
	slices.Sort(m.tags)
	return m
}

func (m *multitude) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, rest, _ := strings.Cut(r.URL.Path, "/v2/app/")
	kind, name, _ := strings.Cut(rest, "/")
	switch {
	case r.URL.Path == "/v2/":
	case kind == "tags":
		from, found := slices.BinarySearch(m.tags, r.URL.Query().Get("last"))
		if found {
			from++
		}
		page := m.tags[from:min(from+1000, len(m.tags))]
		if from+1000 < len(m.tags) {
			w.Header().Set("Link", fmt.Sprintf(`</v2/app/tags/list?n=1000&last=%s>; rel="next"`, page[len(page)-1]))
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"name": "app", "tags": page})
	case kind == "manifests" && m.byTag[name] != nil:
		w.Header().Set("Content-Type", image.MediaTypeOCIManifest)
		w.Header().Set("Docker-Content-Digest", string(ref.DigestOf(m.byTag[name])))
		_, _ = w.Write(m.byTag[name])
	case kind == "blobs" && m.blobs[name] != nil:
		_, _ = w.Write(m.blobs[name])
	default:
		http.NotFound(w, r)
	}
}

// BenchmarkCandidates finds what a tag of a repository of 10,000 images can go
// back to, with a store that has seen the repository before.
func BenchmarkCandidates(b *testing.B) {
	server := httptest.NewServer(newMultitude(10_000))
	defer server.Close()
	c := config.Default()
	c.Cache.Path = b.TempDir() + "/store.db"
	s := app.New(time.Now, c, app.Flags{})
	defer s.Close() //nolint:errcheck // nothing is kept
	host := strings.TrimPrefix(server.URL, "http://")
	r := ref.Reference{Host: host, Repository: "app", Tag: "prod"}
	backend, err := s.Open(host)
	if err != nil {
		b.Fatal(err)
	}
	listed, err := app.ListImages(b.Context(), backend, "app")
	if err != nil {
		b.Fatal(err)
	}
	reader := browse.NewReader(backend, r, func(int, int) {})
	if err := reader.Read(b.Context(), listed); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		l, _, err := rollbacks.Load(b.Context(), s, r, "rollback-from-")
		if err != nil || len(l.Candidates) < 1000 {
			b.Fatalf("%d candidates: %v", len(l.Candidates), err)
		}
	}
}
