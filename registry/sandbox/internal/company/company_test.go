package company

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"regatta/registry/sandbox/internal/layer"
	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

func founded() *store.Store {
	s := store.New()
	Found(s, func(*store.Repository) {})
	return s
}

func repository(tb testing.TB, s *store.Store, name string) *store.Repository {
	tb.Helper()
	repo, ok := s.Repository(name)
	if !ok {
		tb.Fatalf("no repository %s", name)
	}
	return repo
}

// The digests of everything that is seeded, summed up by repository.
func TestSeedIsAlwaysTheSame(t *testing.T) {
	t.Parallel()
	s := founded()
	var got strings.Builder
	for _, name := range s.Names() {
		repo := repository(t, s, name)
		h := sha256.New()
		for _, m := range repo.Manifests() {
			_, _ = fmt.Fprintln(h, m.Digest, m.MediaType, m.PushedAt, m.PulledAt)
		}
		for _, tag := range repo.Tags() {
			_, _ = fmt.Fprintln(h, tag)
		}
		fmt.Fprintf(&got, "%-16s %3d tags %4d manifests %s\n",
			name, len(repo.Tags()), len(repo.Manifests()), hex.EncodeToString(h.Sum(nil)[:12]))
	}
	const golden = "testdata/seed.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("got:\n%swant:\n%s", &got, want)
	}
}

// Every repository has 5 to 120 tags, all of them on manifests that exist,
// none dated after the epoch.
func TestTagsAreSound(t *testing.T) {
	t.Parallel()
	s := founded()
	for _, name := range s.Names() {
		repo := repository(t, s, name)
		if n := len(repo.Tags()); n < 5 || n > 120 {
			t.Errorf("%s has %d tags", name, n)
		}
		for _, tag := range repo.Tags() {
			m, ok := repo.Manifest(tag.Name)
			if !ok {
				t.Errorf("%s:%s points at nothing", name, tag.Name)
			}
			if tag.PushedAt.After(Epoch()) || m.PulledAt.After(Epoch()) {
				t.Errorf("%s:%s pushed %s, pulled %s", name, tag.Name, tag.PushedAt, m.PulledAt)
			}
		}
	}
}

// All that manifests refer to is there, but for the one broken index.
func TestOnlyOneIndexIsBroken(t *testing.T) {
	t.Parallel()
	s := founded()
	broken := 0
	for _, name := range s.Names() {
		repo := repository(t, s, name)
		for _, m := range repo.Manifests() {
			blob, manifest := repo.Missing(m)
			if blob != "" {
				t.Errorf("%s@%s lacks blob %s", name, m.Digest, blob)
			}
			if manifest != "" {
				broken++
			}
		}
	}
	if broken != 1 {
		t.Errorf("%d broken indexes, want 1", broken)
	}
}

// Histories line up with layers, and layers with diff IDs.
func TestHistoriesLineUp(t *testing.T) {
	t.Parallel()
	s := founded()
	for _, name := range s.Names() {
		repo := repository(t, s, name)
		for _, m := range repo.Manifests() {
			if oci.IsImage(m.MediaType) {
				checkHistory(t, repo, m)
			}
		}
	}
}

func checkHistory(t *testing.T, repo *store.Repository, m store.Manifest) {
	t.Helper()
	blob, _ := repo.Blob(m.Fields.Config.Digest)
	src, err := blob.Open(0)
	if err != nil {
		t.Fatal(err)
	}
	var config oci.Config
	if err := json.NewDecoder(src).Decode(&config); err != nil {
		t.Fatal(err)
	}
	if config.OS == "" || config.OS == "unknown" {
		return
	}
	steps := 0
	for _, h := range config.History {
		if !h.EmptyLayer {
			steps++
		}
	}
	if n := len(m.Fields.Layers); n != steps || n != len(config.RootFS.DiffIDs) || n == 0 {
		t.Errorf("%s@%s: %d layers, %d steps, %d diff IDs", repo.Name, m.Digest, n, steps, len(config.RootFS.DiffIDs))
	}
}

// Layers hold each path once, and no path is too long for its header.
func TestLayersAreSoundArchives(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	table := parseTable(layersTSV)
	for _, spec := range layers() {
		family := string(spec.Kind) + spec.Family
		if seen[family] || spec.Size > 7*mib && os.Getenv("REGATTA_FULL") == "" {
			continue
		}
		seen[family] = true
		checkArchive(t, layer.Layer{Spec: spec, Sums: table[spec.Key()]})
	}
}

func checkArchive(t *testing.T, l layer.Layer) {
	t.Helper()
	src, err := l.Open(0)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gzip.NewReader(src)
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]bool{}
	for r := tar.NewReader(plain); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", l.Spec.Key(), err)
		}
		if paths[h.Name] {
			t.Errorf("%s holds %s twice", l.Spec.Key(), h.Name)
		}
		paths[h.Name] = true
	}
	if rest, err := io.Copy(io.Discard, plain); err != nil || rest > 4096 {
		t.Errorf("%s: %d bytes after the archive, %v", l.Spec.Key(), rest, err)
	}
}

func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		s := founded()
		for _, name := range s.Names() {
			repository(b, s, name)
		}
	}
}
