package sandbox_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"slices"
	"testing"

	"regatta/registry/sandbox"
)

// tinyImage has one layer of one file, and a config whose diff ID is true.
func tinyImage(platform string) sandbox.Image {
	plain, zipped := tinyLayer(platform)
	return sandbox.Image{
		Platform: platform, Layers: []string{zipped}, DiffIDs: []string{digestOf(plain)},
		History: []string{"COPY app / # buildkit"}, Created: clock(),
	}
}

func tinyLayer(content string) (plain, zipped string) {
	var raw, gz bytes.Buffer
	w := tar.NewWriter(&raw)
	_ = w.WriteHeader(&tar.Header{Name: "app", Mode: 0o755, Size: int64(len(content))})
	_, _ = w.Write([]byte(content))
	_ = w.Close()
	z := gzip.NewWriter(&gz)
	_, _ = z.Write(raw.Bytes())
	_ = z.Close()
	return raw.String(), gz.String()
}

// newest is the last tag of the chart repository.
func newest(t *testing.T, rg *sandbox.Registry) string {
	t.Helper()
	var list struct{ Tags []string }
	got := ask(t, rg, "GET", "/v2/charts/shop/tags/list", "").want(t, 200, "tags")
	if err := json.Unmarshal([]byte(got.body), &list); err != nil {
		t.Fatal(err)
	}
	return slices.Max(list.Tags)
}
