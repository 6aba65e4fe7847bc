package layer_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"regatta/registry/sandbox/internal/layer"
)

func specs() []layer.Spec {
	all := make([]layer.Spec, 0, 16)
	all = append(all, layer.Spec{Kind: layer.Files, Family: "user", Files: []layer.File{
		{Path: "etc/passwd", Text: "app:x:10001:10001::/app:/sbin/nologin\n"}, {Path: "tmp/", Mode: 0o1777},
	}})
	for _, kind := range []layer.Kind{
		layer.Debian, layer.Apt, layer.Certs, layer.Golang, layer.Node, layer.Modules, layer.Static,
		layer.Binary, layer.Python, layer.Wheels, layer.Source, layer.Weights, layer.Windows,
	} {
		all = append(all, layer.Spec{Kind: kind, Family: "shop/api", Arch: "amd64", Rev: 3, Size: 2 << 20})
	}
	return all
}

// What is made is gzip of tar to those who did not make it, and its sums are
// the true ones.
func TestLayersAreGzippedTar(t *testing.T) {
	t.Parallel()
	for _, spec := range specs() {
		t.Run(string(spec.Kind), func(t *testing.T) {
			t.Parallel()
			l := layer.Layer{Spec: spec, Sums: layer.Sum(spec)}
			raw := read(t, l, 0)
			if int64(len(raw)) != l.Size() || digest(raw) != l.Sums.Digest {
				t.Errorf("%d bytes, digest %s; want %d, %s", len(raw), digest(raw), l.Size(), l.Sums.Digest)
			}
			unzip, err := gzip.NewReader(bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			plain, err := io.ReadAll(unzip)
			if err != nil || digest(plain) != l.Sums.DiffID || crc32.ChecksumIEEE(plain) != l.Sums.CRC {
				t.Fatalf("diffID %s, error %v; want %s", digest(plain), err, l.Sums.DiffID)
			}
			if n := entries(t, plain); n < 2 {
				t.Errorf("%d entries", n)
			}
			if want := spec.Size; want > 0 && (l.Size() < want*9/10 || l.Size() > want*12/10) {
				t.Errorf("size %d, want about %d", l.Size(), want)
			}
		})
	}
}

func entries(t *testing.T, plain []byte) (n int) {
	t.Helper()
	seen := map[string]bool{}
	for r := tar.NewReader(bytes.NewReader(plain)); ; n++ {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return n
		}
		if err != nil {
			t.Fatal(err)
		}
		if seen[h.Name] {
			t.Errorf("%s is there twice", h.Name)
		}
		seen[h.Name] = true
	}
}

func TestReadFromAnyOffset(t *testing.T) {
	t.Parallel()
	spec := layer.Spec{Kind: layer.Apt, Family: "f", Arch: "amd64", Rev: 1, Size: 1 << 20}
	l := layer.Layer{Spec: spec, Sums: layer.Sum(spec)}
	raw := read(t, l, 0)
	rapid.Check(t, func(t *rapid.T) {
		offset := rapid.Int64Range(0, l.Size()).Draw(t, "offset")
		src, err := l.Open(offset)
		if err != nil {
			t.Fatal(err)
		}
		piece := make([]byte, min(3000, l.Size()-offset))
		if _, err := io.ReadFull(iotest.HalfReader(src), piece); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(piece, raw[offset:offset+int64(len(piece))]) {
			t.Fatalf("bytes from %d on differ", offset)
		}
	})
}

// A revision keeps most files as they were, so that layers can be compared.
func TestRevisionsShareFiles(t *testing.T) {
	t.Parallel()
	spec := layer.Spec{Kind: layer.Binary, Family: "shop/api", Arch: "amd64", Rev: 1, Size: 4 << 20}
	next := spec
	next.Rev++
	if layer.Sum(spec).DiffID == layer.Sum(next).DiffID {
		t.Error("two revisions are the same")
	}
}

func BenchmarkRead(b *testing.B) {
	spec := layer.Spec{Kind: layer.Debian, Family: "f", Arch: "amd64", Size: 64 << 20}
	l := layer.Layer{Spec: spec, Sums: layer.Sum(spec)}
	b.SetBytes(l.Size())
	b.ReportAllocs()
	buffer := make([]byte, 256<<10)
	for b.Loop() {
		src, err := l.Open(0)
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, err = src.Read(buffer)
		}
	}
}

func read(tb testing.TB, l layer.Layer, offset int64) []byte {
	tb.Helper()
	src, err := l.Open(offset)
	if err != nil {
		tb.Fatal(err)
	}
	raw, err := io.ReadAll(src)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}
