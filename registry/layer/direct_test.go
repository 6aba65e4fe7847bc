package layer_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/containerd/stargz-snapshotter/estargz"

	"regatta/model/file"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/layer"
)

// noise is content that does not compress.
func noise(n int) string {
	out := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(out)
	return string(out)
}

// held is a sink that keeps what was confirmed.
type held struct {
	bytes.Buffer

	kept, dropped int
	stays         error
}

func (h *held) Keep() error { h.kept++; return nil }

func (h *held) Drop() error {
	h.dropped++
	h.Reset()
	return h.stays
}

func fetched(t *testing.T, s *shelf, d image.Descriptor, path string) (*held, error) {
	t.Helper()
	entries, err := s.reader().List(t.Context(), d, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Path == path {
			h := &held{}
			s.bytes = 0
			err := s.reader().Fetch(t.Context(), d, []*file.Inode{{Path: path, Size: e.Size, Sum: e.Sum}}, nil,
				func(*file.Inode) (layer.Sink, error) { return h, nil })
			return h, err
		}
	}
	t.Fatalf("no %s", path)
	return nil, nil
}

// Of the real eStargz a file is read where it lies, whatever its chunks are.
func TestFetchByTable(t *testing.T) {
	t.Parallel()
	big := noise(3 << 20)
	raw := archive(t, reg("first", big), reg("etc/passwd", "root"), reg("in/chunks", big[:700_000]), reg("last", big))
	for name, options := range map[string][]estargz.Option{
		"a chunk a file": {estargz.WithCompressionLevel(gzip.BestSpeed)},
		"small chunks":   {estargz.WithChunkSize(64 << 10)},
		"merged chunks":  {estargz.WithChunkSize(64 << 10), estargz.WithMinChunkSize(512 << 10)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			blob, err := estargz.Build(io.NewSectionReader(bytes.NewReader(raw), 0, int64(len(raw))), options...)
			if err != nil {
				t.Fatal(err)
			}
			packed, err := io.ReadAll(blob)
			if err != nil {
				t.Fatal(err)
			}
			s := newShelf()
			d := s.put(packed)
			d.Annotations = map[string]string{"containerd.io/snapshot/stargz/toc.digest": blob.TOCDigest().String()}
			for path, want := range map[string]string{"etc/passwd": "root", "in/chunks": big[:700_000], "last": big} {
				h, err := fetched(t, s, d, path)
				if err != nil || h.String() != want || h.kept != 1 || h.dropped != 0 {
					t.Errorf("%s: %d bytes, kept %d, dropped %d: %v", path, h.Len(), h.kept, h.dropped, err)
				}
				if most := len(want) + len(packed)/4; s.bytes > most {
					t.Errorf("%s: %d of %d bytes were read for %d", path, s.bytes, len(packed), len(want))
				}
				head, err := s.reader().Head(t.Context(), d, &file.Inode{Path: path, Size: int64(len(want)), Sum: sumOf(want)}, 3)
				if err != nil || string(head) != want[:3] {
					t.Errorf("%s begins with %q: %v", path, head, err)
				}
			}
		})
	}
}

func sumOf(s string) [16]byte {
	sum := sha256.Sum256([]byte(s))
	return [16]byte(sum[:16])
}

// A zstd:chunked layer tells it too; where a table lies about the place, the layer
// itself counts, and what cannot be taken back ends it.
func TestFetchByChunkedTable(t *testing.T) {
	t.Parallel()
	big := noise(1 << 20)
	raw := archive(t, reg("first", big), reg("second", big[1000:2000]))
	at := bytes.LastIndex(raw, []byte(big[1000:2000]))
	head, content, rest := zst(t, raw[:at]), zst(t, raw[at:at+1000]), zst(t, raw[at+1000:])
	lie := func(offset int) (*shelf, image.Descriptor) {
		table := fmt.Appendf(nil, `{"version":1,"entries":[{"type":"reg","name":"first","size":%d,"digest":%q,"offset":1},
			{"type":"reg","name":"second","size":1000,"digest":%q,"offset":%d,"endOffset":%d}]}`,
			len(big), ref.DigestOf([]byte(big)), ref.DigestOf([]byte(big[1000:2000])), offset, offset+len(content))
		packed := zst(t, table)
		body := bytes.Join([][]byte{head, content, rest}, nil)
		s := newShelf()
		d := s.put(append(bytes.Clone(body), skipped(packed)...))
		d.Annotations = map[string]string{
			"io.github.containers.zstd-chunked.manifest-position": fmt.Sprintf("%d:%d:%d:1", len(body)+8, len(packed), len(table)),
			"io.github.containers.zstd-chunked.manifest-checksum": string(ref.DigestOf(packed)),
		}
		return s, d
	}
	s, d := lie(len(head))
	if h, err := fetched(t, s, d, "second"); err != nil || h.String() != big[1000:2000] || int64(s.bytes) > d.Size/4 || h.dropped != 0 {
		t.Errorf("%d bytes for %d of %d, dropped %d: %v", h.Len(), s.bytes, d.Size, h.dropped, err)
	}
	for _, wrong := range []int{0, 7, len(head) + 1, len(head) + len(content), 1 << 40} {
		s, d := lie(wrong)
		if h, err := fetched(t, s, d, "second"); err != nil || h.String() != big[1000:2000] || h.kept != 1 {
			t.Errorf("%d: %d bytes, kept %d: %v", wrong, h.Len(), h.kept, err)
		}
	}
	s, d = lie(len(head) + len(content))
	printed := &held{stays: errors.New("it was printed")}
	err := s.reader().Fetch(t.Context(), d, []*file.Inode{{Path: "second", Size: 1000, Sum: sumOf(big[1000:2000])}}, nil,
		func(*file.Inode) (layer.Sink, error) { return printed, nil })
	if !errors.Is(err, printed.stays) || printed.kept != 0 {
		t.Errorf("what was printed is printed again: %v", err)
	}
}

// skipped is a frame that decompressors of zstd skip (RFC 8878, section 3.1.2).
func skipped(content []byte) []byte {
	n := len(content)
	return append([]byte{0x50, 0x2a, 0x4d, 0x18, byte(n), byte(n >> 8), byte(n >> 16), 0}, content...)
}
