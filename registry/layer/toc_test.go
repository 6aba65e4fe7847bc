package layer_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/containerd/stargz-snapshotter/estargz"
	"github.com/google/go-cmp/cmp"

	"regatta/model/file"
	"regatta/model/ref"
)

// The real eStargz and a zstd:chunked layer tell their files by their tables of
// contents: no more is read than those, and it is what the layers have.
func TestTables(t *testing.T) {
	t.Parallel()
	raw := archive(t, reg("etc/passwd", "root"), reg("big", strings.Repeat("0123456789abcdef", 1<<16)),
		member("link", tar.TypeSymlink, "big"), member("hard", tar.TypeLink, "big"), reg("empty", ""))
	blob, err := estargz.Build(io.NewSectionReader(bytes.NewReader(raw), 0, int64(len(raw))), estargz.WithCompressionLevel(gzip.NoCompression))
	if err != nil {
		t.Fatal(err)
	}
	packed, err := io.ReadAll(blob)
	if err != nil {
		t.Fatal(err)
	}
	s := newShelf()
	d := s.put(packed)
	whole, err := s.reader().List(t.Context(), d, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := s.bytes
	s.bytes = 0
	d.Annotations = map[string]string{"containerd.io/snapshot/stargz/toc.digest": blob.TOCDigest().String()}
	byTable, err := s.reader().List(t.Context(), d, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.bytes > all/20 {
		t.Errorf("%d of %d bytes were read", s.bytes, all)
	}
	kept := func(in []file.Entry) (out []file.Entry) { // the table does not list itself, nor directories that no member is
		for _, e := range in {
			if e.Path != "stargz.index.json" && e.Type != file.Dir {
				e.UID, e.GID = 0, 0
				out = append(out, e)
			}
		}
		return out
	}
	if diff := cmp.Diff(kept(whole), kept(byTable)); diff != "" {
		t.Error(diff)
	}
	d.Annotations["containerd.io/snapshot/stargz/toc.digest"] = string(ref.DigestOf([]byte("another")))
	if again, err := s.reader().List(t.Context(), d, nil); err != nil || len(again) != len(whole) {
		t.Errorf("a table that nobody vouches for: %d files: %v", len(again), err)
	}
}

func TestChunkedTable(t *testing.T) {
	t.Parallel()
	table := []byte(`{"version":1,"entries":[{"type":"dir","name":"etc/","mode":493},
		{"type":"reg","name":"etc/passwd","size":4,"mode":420,"modtime":"2026-01-02T03:04:05Z","digest":"` + string(ref.DigestOf([]byte("root"))) + `","offset":9},
		{"type":"chunk","name":"etc/passwd","offset":20},{"type":"symlink","name":"x","linkName":"etc"}]}`)
	packed := zst(t, table)
	raw := append([]byte(strings.Repeat("data", 1000)), packed...)
	s := newShelf()
	d := s.put(raw)
	d.Annotations = map[string]string{
		"io.github.containers.zstd-chunked.manifest-position": fmt.Sprintf("4000:%d:%d:1", len(packed), len(table)),
		"io.github.containers.zstd-chunked.manifest-checksum": string(ref.DigestOf(packed)),
	}
	got, err := s.reader().List(t.Context(), d, nil)
	if err != nil || len(got) != 3 || got[1].Path != "etc/passwd" || got[1].Size != 4 || got[1].Modified == 0 || got[2].Link != "etc" {
		t.Errorf("%+v: %v", got, err)
	}
}
