package layer_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/model/file"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/layer"
	"regatta/registry/peertest"
)

// sparse is a layer of one file that is a hole, as GNU tar makes it.
func sparse(tb testing.TB, format string, size int64) []byte {
	tb.Helper()
	tool := peertest.Find(tb, "tar", "Debian: tar")
	dir := tb.TempDir()
	f, err := os.Create(filepath.Join(dir, "hole"))
	if err == nil {
		err = errors.Join(f.Truncate(size), f.Close())
	}
	if err != nil {
		tb.Fatal(err)
	}
	command(tb, dir, tool, "--format="+format, "--sparse", "-cf", "layer.tar", "hole")
	raw, err := os.ReadFile(filepath.Join(dir, "layer.tar"))
	if err != nil || len(raw) > 16<<10 {
		tb.Fatalf("%d bytes: %v", len(raw), err)
	}
	return raw
}

// What a sparse file expands to counts, whatever the layer's size, and so does what
// is read of a file that the list is said to have.
func TestSparseFilesAreCounted(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes its time")
	}
	const size = 4 << 40
	for _, format := range []string{"gnu", "pax"} {
		for name, raw := range map[string][]byte{"plain": sparse(t, format, size), "gzip": gz(t, sparse(t, format, size))} {
			s := newShelf()
			d := s.put(raw)
			const want = "expands to more than 400 times its size"
			_, err := s.reader().List(t.Context(), d, nil)
			if !fault.Is(err, fault.TooLarge) || !strings.Contains(err.Error(), want) || !strings.Contains(fault.AdviceOf(err), "regatta pull") {
				t.Errorf("%s, %s: %v", format, name, err)
			}
			of := &file.Inode{Path: "hole", Size: size}
			if _, err := s.reader().Head(t.Context(), d, of, 10); !fault.Is(err, fault.TooLarge) {
				t.Errorf("%s, %s: the head: %v", format, name, err)
			}
			h := &held{}
			err = s.reader().Fetch(t.Context(), d, []*file.Inode{of}, nil, func(*file.Inode) (layer.Sink, error) { return nowhere{h}, nil })
			if !fault.Is(err, fault.TooLarge) || h.dropped != 1 {
				t.Errorf("%s, %s: fetched: %v", format, name, err)
			}
		}
	}
}

// nowhere is a sink that keeps nothing.
type nowhere struct{ *held }

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

// last serves a blob, and ends the context once all of it was read.
type last struct {
	raw []byte
	end context.CancelFunc
}

func (l last) Blob(_ context.Context, _ string, _ image.Descriptor, offset int64) (io.ReadCloser, error) {
	return io.NopCloser(io.MultiReader(bytes.NewReader(l.raw[offset:]), ender(l.end))), nil
}

type ender context.CancelFunc

func (e ender) Read([]byte) (int, error) { e(); return 0, io.EOF }

// What expands long after all was read ends with its context too.
func TestExpandingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes its time")
	}
	const size = 1000 << 20 // less than what is refused
	for name, raw := range map[string][]byte{
		"a sparse file": sparse(t, "gnu", size), "a sparse file of pax": sparse(t, "pax", size), "zeros": zeros(t, size),
	} {
		ctx, cancel := context.WithCancel(t.Context())
		r := layer.Reader{Blobs: last{raw, cancel}}
		if _, err := r.List(ctx, image.Descriptor{Digest: ref.DigestOf(raw), Size: int64(len(raw))}, nil); !fault.Is(err, fault.Cancelled) {
			t.Errorf("%s: %v", name, err)
		}
		ctx, cancel = context.WithCancel(t.Context())
		r = layer.Reader{Blobs: last{raw, cancel}}
		of := &file.Inode{Path: "zeros", Size: size}
		if strings.Contains(name, "sparse") {
			of.Path = "hole"
		}
		if _, err := r.Head(ctx, image.Descriptor{Digest: ref.DigestOf(raw), Size: int64(len(raw))}, of, 10); !fault.Is(err, fault.Cancelled) {
			t.Errorf("%s: the head: %v", name, err)
		}
		cancel()
	}
}

// Nothing is made ready for what a header or an annotation only claims.
func TestClaimsTakeNoMemory(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: "a", Typeflag: tar.TypeReg, Size: 1 << 60, Format: tar.FormatGNU}); err != nil {
		t.Fatal(err)
	}
	s := newShelf()
	if _, err := s.reader().List(t.Context(), s.put(b.Bytes()), nil); !fault.Is(err, fault.Corrupt) {
		t.Errorf("a file of an exabyte: %v", err)
	}
	d := s.put(archive(t, reg("a", "x")))
	d.Size = 1 << 40
	d.Annotations = map[string]string{
		"io.github.containers.zstd-chunked.manifest-position": "0:200000000:200000000:1",
		"io.github.containers.zstd-chunked.manifest-checksum": string(ref.DigestOf(nil)),
	}
	took := testing.Benchmark(func(b *testing.B) {
		b.Helper()
		b.ReportAllocs()
		for b.Loop() {
			if list, err := s.reader().List(b.Context(), d, nil); err != nil || len(list) != 1 {
				b.Fatal(list, err)
			}
		}
	})
	if n := took.AllocedBytesPerOp(); n > 1<<20 || n == 0 {
		t.Errorf("%d bytes for a table that is not there", n)
	}
}

// The header of a whole archive is no file.
func TestGlobalHeadersAreNoFiles(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	err := w.WriteHeader(&tar.Header{Name: "pax_global_header", Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": "of git"}})
	err = errors.Join(err, w.WriteHeader(&tar.Header{Name: "a", Typeflag: tar.TypeReg}), w.Close())
	if err != nil {
		t.Fatal(err)
	}
	s := newShelf()
	if list, err := s.reader().List(t.Context(), s.put(b.Bytes()), nil); err != nil || len(list) != 1 || list[0].Path != "a" {
		t.Errorf("%+v: %v", list, err)
	}
}

// The head of a file is confirmed, and a path that a layer has twice is the later.
func TestHeadIsConfirmed(t *testing.T) {
	t.Parallel()
	s := newShelf()
	d := s.put(archive(t, reg("a", "older"), reg("a", "newer")))
	list, err := s.reader().List(t.Context(), d, nil)
	if err != nil {
		t.Fatal(err)
	}
	of := file.Merge([][]file.Entry{list}).Root.Find("a").Inode
	for _, n := range []int64{3, 5, 100} {
		if head, err := s.reader().Head(t.Context(), d, of, n); err != nil || string(head) != "newer"[:min(n, 5)] {
			t.Errorf("%q: %v", head, err)
		}
	}
	s.blobs[d.Digest] = archive(t, reg("a", "OTHER"), reg("a", "THING"))
	if head, err := s.reader().Head(t.Context(), d, of, 100); !fault.Is(err, fault.Corrupt) {
		t.Errorf("%q: %v", head, err)
	}
}
