package local_test

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/registry/local"
)

// What is damaged inside an archive is refused by name: pushed, it would get a new digest
// that nothing objects to.
func TestADamagedArchiveIsRefused(t *testing.T) {
	t.Parallel()
	c, _, single := source(t)
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole.tar")
	must(t, openPlace(t, whole, local.Options{}).Save(t.Context(), c, single, silent))
	raw, err := os.ReadFile(whole)
	must(t, err)
	for name, at := range offsets(t, raw) {
		if name == "manifest.json" {
			continue
		}
		for _, inside := range []int{4, at.size / 2, at.size - 2} { // 4: the time in the head of gzip
			spoilt := bytes.Clone(raw)
			spoilt[at.from+inside] ^= 1
			file := filepath.Join(dir, "spoilt.tar")
			must(t, os.WriteFile(file, spoilt, 0o600))
			_, err := openPlace(t, file, local.Options{}).Manifests(t.Context(), "")
			part := "layer "
			if strings.HasSuffix(name, ".json") {
				part = "the config "
			}
			if !fault.Is(err, fault.Corrupt) || !strings.Contains(err.Error(), part) {
				t.Errorf("byte %d of %s: %v", inside, name, err)
			}
		}
	}
}

type extent struct{ from, size int }

// offsets is where the files of a tar stand in it.
func offsets(t *testing.T, raw []byte) map[string]extent {
	t.Helper()
	out := map[string]extent{}
	from := bytes.NewReader(raw)
	for r := tar.NewReader(from); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		must(t, err)
		out[h.Name] = extent{len(raw) - from.Len(), int(h.Size)}
	}
}

// saved is an archive as docker save writes it, whose layers have the names given.
func saved(t *testing.T, says []byte, names ...string) string {
	t.Helper()
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	add := func(name string, content []byte) {
		must(t, w.WriteHeader(&tar.Header{Name: name, Size: int64(len(content)), Mode: 0o600, Typeflag: tar.TypeReg}))
		_, err := w.Write(content)
		must(t, err)
	}
	var ids []string
	for i, name := range names {
		content := bytes.Repeat([]byte{byte('a' + i)}, 600)
		sum := sha256.Sum256(content)
		ids = append(ids, "sha256:"+hex.EncodeToString(sum[:]))
		if i == 0 && says != nil {
			content = says
		}
		add(strings.ReplaceAll(name, "SUM", hex.EncodeToString(sum[:])), content)
		names[i] = strings.ReplaceAll(name, "SUM", hex.EncodeToString(sum[:]))
	}
	config, err := json.Marshal(map[string]any{"os": "linux", "architecture": "amd64", "rootfs": map[string]any{"type": "layers", "diff_ids": ids}})
	must(t, err)
	add("config.json", config)
	list, err := json.Marshal([]any{map[string]any{"Config": "config.json", "Layers": names}})
	must(t, err)
	add("manifest.json", list)
	must(t, w.Close())
	file := filepath.Join(t.TempDir(), "saved.tar")
	must(t, os.WriteFile(file, buf.Bytes(), 0o600))
	return file
}

// Layers that are not compressed are compared too, whatever the names of their files are.
func TestLayersAreWhatTheConfigSays(t *testing.T) {
	t.Parallel()
	strange := strings.Repeat("e", 64)
	for _, names := range [][]string{
		{strange + "/layer.tar", "v2/layer.tar"},
		{"SUM.tar", "SUM.tar"},
		{"blobs/sha256/SUM", "blobs/sha256/SUM"},
		{strange + ".tar", "x"},
	} {
		m, err := openPlace(t, saved(t, nil, names...), local.Options{}).Manifests(t.Context(), "")
		if err != nil || len(m[0].Layers) != 2 {
			t.Errorf("%q: %v", names, err)
		}
		_, err = openPlace(t, saved(t, bytes.Repeat([]byte("A"), 600), names...), local.Options{}).Manifests(t.Context(), "")
		if !fault.Is(err, fault.Corrupt) || !strings.Contains(err.Error(), "layer 1 (") {
			t.Errorf("%q: %v", names, err)
		}
	}
	_, err := openPlace(t, saved(t, nil, "blobs/sha256/"+strange), local.Options{}).Manifests(t.Context(), "")
	wantKind(t, err, fault.Corrupt)
}
