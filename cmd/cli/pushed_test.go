package cli

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
)

// servedSandbox is an empty sandbox behind a real socket.
func servedSandbox(t *testing.T) (reg *sandbox.Registry, host string) {
	t.Helper()
	reg = sandbox.New(sandbox.Options{Now: sandbox.Epoch, Empty: true})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", sandbox.Epoch().UTC().Format(http.TimeFormat))
		reg.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { server.Close(); _ = reg.Close() })
	return reg, strings.TrimPrefix(server.URL, "http://")
}

const tarGzip = "application/vnd.oci.image.layer.v1.tar+gzip"

// rawLayer is a layer as it is stored.
type rawLayer struct {
	mediaType string
	raw       []byte
	made      []byte // what the config says it was made with; nil: itself
}

// diffID is the digest of what a layer expands to, or of itself.
func diffID(raw []byte) ref.Digest {
	if z, err := gzip.NewReader(bytes.NewReader(raw)); err == nil {
		if plain, err := io.ReadAll(z); err == nil {
			return ref.DigestOf(plain)
		}
	}
	return ref.DigestOf(raw)
}

// tarOf is a layer of files and what they hold; of directories the name ends with a
// slash, and " -> " makes a link.
func tarOf(t *testing.T, files ...string) rawLayer {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, f := range files {
		name, body, _ := strings.Cut(f, "=")
		h := tar.Header{Name: name, Mode: 0o755, Typeflag: tar.TypeReg, Size: int64(len(body)), ModTime: time.Unix(1700000000, 0)}
		if from, to, ok := strings.Cut(name, " -> "); ok {
			h.Name, h.Linkname, h.Typeflag = from, to, tar.TypeSymlink
		} else if strings.HasSuffix(name, "/") {
			h.Typeflag = tar.TypeDir
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, body); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return rawLayer{mediaType: tarGzip, raw: b.Bytes()}
}

// pushLayers pushes an image of layers as they are, and gives their digests.
func pushLayers(t *testing.T, host, repo, tag string, layers ...rawLayer) []ref.Digest {
	t.Helper()
	transport := httpx.New(httpx.Options{Now: sandbox.Epoch, CertDirs: []string{}})
	t.Cleanup(transport.CloseIdleConnections)
	client := oci.New(host, oci.Options{Transport: transport, Now: sandbox.Epoch, Insecure: true})
	type descriptor struct {
		MediaType string     `json:"mediaType"`
		Digest    ref.Digest `json:"digest"`
		Size      int        `json:"size"`
	}
	push := func(l rawLayer) descriptor {
		d := image.Descriptor{MediaType: l.mediaType, Digest: ref.DigestOf(l.raw), Size: int64(len(l.raw))}
		err := client.PushBlob(t.Context(), repo, d, func(_ context.Context, offset int64) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(l.raw[offset:])), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return descriptor{d.MediaType, d.Digest, len(l.raw)}
	}
	encode := func(v any) []byte {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	var all []descriptor
	var digests, diffIDs []ref.Digest
	for _, l := range layers {
		d := push(l)
		all, digests = append(all, d), append(digests, d.Digest)
		made := l.made
		if made == nil {
			made = l.raw
		}
		diffIDs = append(diffIDs, diffID(made))
	}
	config := push(rawLayer{mediaType: "application/vnd.oci.image.config.v1+json", raw: encode(map[string]any{
		"os": "linux", "architecture": "amd64", "config": map[string]any{}, "rootfs": map[string]any{"type": "layers", "diff_ids": diffIDs},
	})})
	const manifest = "application/vnd.oci.image.manifest.v1+json"
	raw := encode(map[string]any{"schemaVersion": 2, "mediaType": manifest, "config": config, "layers": all})
	if err := client.PutManifest(t.Context(), repo, tag, manifest, raw); err != nil {
		t.Fatal(err)
	}
	return digests
}
