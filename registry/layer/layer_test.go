package layer_test

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"regatta/model/fault"
	"regatta/model/file"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/layer"
)

// shelf serves blobs, and counts what is read of them.
type shelf struct {
	mu    sync.Mutex
	blobs map[ref.Digest][]byte
	lists map[ref.Digest][]byte
	bytes int
}

func newShelf() *shelf { return &shelf{blobs: map[ref.Digest][]byte{}, lists: map[ref.Digest][]byte{}} }

func (s *shelf) put(raw []byte) image.Descriptor {
	d := image.Descriptor{Digest: ref.DigestOf(raw), Size: int64(len(raw)), MediaType: "application/vnd.oci.image.layer.v1.tar+gzip"}
	s.blobs[d.Digest] = raw
	return d
}

type counting struct {
	io.Reader

	s *shelf
}

func (c counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p[:min(len(p), 4096)])
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	c.s.bytes += n
	return n, err
}

func (s *shelf) Blob(_ context.Context, _ string, d image.Descriptor, offset int64) (io.ReadCloser, error) {
	raw, ok := s.blobs[d.Digest]
	if !ok {
		return nil, &fault.Error{Op: "read blob of", Object: string(d.Digest), Kind: fault.NotFound}
	}
	return io.NopCloser(counting{bytes.NewReader(raw[offset:]), s}), nil
}

func (s *shelf) Files(_ context.Context, d ref.Digest) ([]byte, bool) {
	raw, ok := s.lists[d]
	return raw, ok
}

func (s *shelf) PutFiles(d ref.Digest, raw []byte) { s.lists[d] = raw }

func (s *shelf) reader() layer.Reader { return layer.Reader{Blobs: s, Repository: "a"} }

// archive writes a tar; a body of "" is a member without content.
func archive(tb testing.TB, members ...tar.Header) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range members {
		body := h.PAXRecords["body"]
		h.PAXRecords = nil
		if h.Typeflag == 0 {
			h.Typeflag = tar.TypeReg
		}
		h.Size = int64(len(body))
		if err := w.WriteHeader(&h); err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(w, body); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func reg(name, body string) tar.Header {
	return tar.Header{Name: name, Mode: 0o644, ModTime: time.Unix(1700000000, 0), PAXRecords: map[string]string{"body": body}}
}

func member(name string, flag byte, link string) tar.Header {
	return tar.Header{Name: name, Typeflag: flag, Linkname: link, Mode: 0o755}
}

func gz(tb testing.TB, raw []byte) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(raw)
	if err = errors.Join(err, z.Close()); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func zst(tb testing.TB, raw []byte) []byte {
	tb.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return z.EncodeAll(raw, nil)
}

func everything(tb testing.TB) []byte {
	tb.Helper()
	return archive(tb,
		member("./", tar.TypeDir, ""), member("etc/", tar.TypeDir, ""), reg("./etc/passwd", "root"), reg("/abs", "x"),
		reg("../../etc/shadow", "y"), member("link", tar.TypeSymlink, "etc/passwd"), member("hard", tar.TypeLink, "./etc/passwd"),
		member("null", tar.TypeChar, ""), member("disk", tar.TypeBlock, ""), member("pipe", tar.TypeFifo, ""),
		reg(strings.Repeat("long/", 900)+"name", "z"), reg("a\x1b[31mb\nc", ""), reg("é", "u"), reg(".wh.gone", ""),
	)
}

func paths(entries []file.Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.Path)
	}
	return out
}

// Whatever a layer is compressed with, it has the same files; a list that is
// decoded is the list that was encoded.
func TestList(t *testing.T) {
	t.Parallel()
	raw := everything(t)
	want := []string{
		"", "etc", "etc/passwd", "abs", "etc/shadow", "link", "hard", "null", "disk", "pipe",
		strings.Repeat("long/", 900) + "name", "a\x1b[31mb\nc", "é", ".wh.gone",
	}
	var first []file.Entry
	for name, packed := range map[string][]byte{
		"plain": raw, "gzip": gz(t, raw), "zstd": zst(t, raw), "two members": append(gz(t, raw[:700]), gz(t, raw[700:])...),
		"a skipped frame": append([]byte{0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2}, zst(t, raw)...),
	} {
		s := newShelf()
		var seen int64
		got, err := s.reader().List(t.Context(), s.put(packed), func(n int64) { seen += n })
		if d := cmp.Diff(want, paths(got)); err != nil || d != "" {
			t.Fatalf("%s: %v\n%s", name, err, d)
		}
		if seen != int64(len(packed)) {
			t.Errorf("%s: a progress of %d of %d bytes", name, seen, len(packed))
		}
		if first == nil {
			first = got
		}
		if d := cmp.Diff(first, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		again, err := layer.Decode(layer.Encode(got))
		if d := cmp.Diff(got, again); err != nil || d != "" {
			t.Errorf("%v\n%s", err, d)
		}
	}
	if e := first[2]; e.Size != 4 || e.Perm() != "-rw-r--r--" || e.Odd || e.Time().Year() != 2023 {
		t.Errorf("%+v", e)
	}
	if !first[4].Odd || first[3].Odd || first[11].Name() != "ab c" {
		t.Errorf("%+v", first[4])
	}
	if got, err := newShelf().reader().List(t.Context(), image.Descriptor{}, nil); err == nil {
		t.Errorf("no digest: %v", got)
	}
}

func TestListsAreKept(t *testing.T) {
	t.Parallel()
	s := newShelf()
	r := s.reader()
	r.Lists = s
	d := s.put(gz(t, everything(t)))
	first, err := r.List(t.Context(), d, nil)
	if err != nil {
		t.Fatal(err)
	}
	read := s.bytes
	again, err := r.List(t.Context(), d, nil)
	if diff := cmp.Diff(first, again); err != nil || diff != "" || s.bytes != read {
		t.Errorf("%d bytes were read: %v\n%s", s.bytes-read, err, diff)
	}
	s.lists[d.Digest] = []byte("broken")
	if again, err = r.List(t.Context(), d, nil); err != nil || len(again) != len(first) || s.bytes == read {
		t.Errorf("a broken list: %d files: %v", len(again), err)
	}
}

// endless is n zeros.
type endless struct{ n int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.n == 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), e.n))
	clear(p[:n])
	e.n -= int64(n)
	return n, nil
}

// zeros is a layer of one file of so many, packed by zstd.
func zeros(tb testing.TB, size int64) []byte {
	tb.Helper()
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		tb.Fatal(err)
	}
	w := tar.NewWriter(z)
	err = w.WriteHeader(&tar.Header{Name: "zeros", Typeflag: tar.TypeReg, Size: size})
	_, cerr := io.Copy(w, &endless{size})
	if err = errors.Join(err, cerr, w.Close(), z.Close()); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// bomb expands to more than a gigabyte.
const bomb = 1100 << 20

func TestBadLayers(t *testing.T) {
	t.Parallel()
	raw := gz(t, everything(t))
	huge := archive(t, reg("a", "x"))
	copy(huge[124:], "77777777777\x00") // a size of 8 GiB in a header whose sum is then wrong
	for name, tt := range map[string]struct {
		raw  []byte
		kind fault.Kind
		want string
	}{
		"cut gzip":       {raw[:len(raw)/2], fault.Corrupt, "ends in the middle"},
		"cut tar":        {everything(t)[:600], fault.Corrupt, "ends in the middle"},
		"cut padding":    {archive(t, reg("a", "x"))[:1000], fault.Corrupt, "ends in the middle"},
		"no padding":     {gz(t, archive(t, reg("a", "x"))[:513]), fault.Corrupt, "ends in the middle"},
		"a wrong sum":    {append(bytes.Clone(raw[:len(raw)-8]), 1, 2, 3, 4, 0, 0, 0, 0), fault.Corrupt, "does not decompress"},
		"no tar":         {[]byte(strings.Repeat("hello ", 500)), fault.Corrupt, "it is no tar"},
		"a lying header": {huge, fault.Corrupt, "it is no tar"},
		"bzip2":          {[]byte("BZh91AY&SY"), fault.Unsupported, "bzip2 or xz"},
		"a bomb":         {zeros(t, bomb), fault.TooLarge, "more than 400 times its size"},
		"a long name":    {archive(t, reg(strings.Repeat("n", 20<<10), "")), fault.TooLarge, "longer than 16 KiB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShelf()
			_, err := s.reader().List(t.Context(), s.put(tt.raw), nil)
			if !fault.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %v: %s", err, tt.kind, tt.want)
			}
		})
	}
	s := newShelf()
	d := s.put(raw)
	for mediaType, want := range map[string]string{
		"application/vnd.oci.image.layer.v1.tar+gzip+encrypted":        "it is encrypted",
		"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip":    "it is foreign",
		"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip": "it is foreign",
	} {
		d.MediaType = mediaType
		if _, err := s.reader().List(t.Context(), d, nil); !fault.Is(err, fault.Unsupported) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", mediaType, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.reader().List(ctx, s.put(raw), nil); !fault.Is(err, fault.Cancelled) {
		t.Errorf("cancelled: %v", err)
	}
	// Not every tool ends a tar with the two blocks that it should end with.
	if got, err := s.reader().List(t.Context(), s.put(archive(t, reg("a", "x"))[:1024]), nil); err != nil || len(got) != 1 {
		t.Errorf("no end: %v, %v", got, err)
	}
	if got, err := s.reader().List(t.Context(), s.put(nil), nil); err != nil || len(got) != 0 {
		t.Errorf("an empty layer: %v, %v", got, err)
	}
}

// A layer of two gigabytes, of which nothing is kept, takes little memory.
func TestMemory(t *testing.T) {
	const size = 256 << 20
	s := &large{size: size}
	var most uint64
	var n int64
	_, err := layer.Reader{Blobs: s}.List(t.Context(), image.Descriptor{Digest: ref.DigestOf(nil), Size: size}, func(b int64) {
		if n += b; n%(16<<20) < b {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}
	})
	if err != nil || most > 64<<20 {
		t.Errorf("%d MB at most: %v", most>>20, err)
	}
}

// large serves one layer that is made as it is read.
type large struct{ size int64 }

func (l *large) Blob(context.Context, string, image.Descriptor, int64) (io.ReadCloser, error) {
	r, w := io.Pipe()
	go func() {
		t := tar.NewWriter(w)
		err := t.WriteHeader(&tar.Header{Name: "large", Typeflag: tar.TypeReg, Size: l.size})
		if err == nil {
			_, err = io.Copy(t, &endless{l.size})
		}
		_ = w.CloseWithError(errors.Join(err, t.Close()))
	}()
	return r, nil
}
