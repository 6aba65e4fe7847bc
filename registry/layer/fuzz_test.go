package layer_test

import (
	"archive/tar"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"regatta/model/file"
	"regatta/model/ref"
	"regatta/registry/layer"
)

func TestCodecProperties(t *testing.T) {
	t.Parallel()
	entry := rapid.Custom(func(t *rapid.T) file.Entry {
		e := file.Entry{
			Path: rapid.String().Draw(t, "path"), Type: file.Type(rapid.IntRange(0, 7).Draw(t, "type")),
			Mode: uint32(rapid.IntRange(0, 0o7777).Draw(t, "mode")), UID: rapid.Int().Draw(t, "uid"), GID: rapid.Int().Draw(t, "gid"),
			Size: rapid.Int64().Draw(t, "size"), Modified: rapid.Int64().Draw(t, "at"), Link: rapid.String().Draw(t, "link"), Odd: rapid.Bool().Draw(t, "odd"),
		}
		if e.Type == file.Regular {
			copy(e.Sum[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "sum"))
		}
		return e
	})
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOf(entry).Draw(t, "entries")
		got, err := layer.Decode(layer.Encode(want))
		if err != nil || len(got) != len(want) {
			t.Fatal(err)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("%+v is %+v", want[i], got[i])
			}
		}
	})
}

func FuzzList(f *testing.F) {
	raw := archive(f, reg("a/b", "x"), member("l", tar.TypeLink, "a/b"), reg("a/.wh.b", ""))
	f.Add(raw)
	f.Add(gz(f, raw))
	f.Add(zst(f, raw))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := newShelf()
		list, err := s.reader().List(t.Context(), s.put(raw), nil)
		if err != nil {
			return
		}
		img := file.Merge([][]file.Entry{list, list})
		if img.Wasted > img.Stored {
			t.Fatalf("%d of %d bytes are wasted", img.Wasted, img.Stored)
		}
		for _, e := range list {
			if strings.HasPrefix(e.Path, "/") || strings.HasPrefix(e.Path, "../") || e.Path == ".." {
				t.Fatalf("%q leads outside", e.Path)
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(layer.Encode([]file.Entry{{Path: "a", Size: 3}, {Path: "ab", Type: file.Dir}}))
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, err := layer.Decode(raw)
		if err != nil {
			return
		}
		if again, err := layer.Decode(layer.Encode(list)); err != nil || len(again) != len(list) {
			t.Fatal(err)
		}
	})
}

func FuzzTable(f *testing.F) {
	f.Add([]byte(`{"version":1,"entries":[{"type":"reg","name":"a","size":1,"digest":"sha256:00"}]}`))
	f.Fuzz(func(t *testing.T, table []byte) {
		packed := zst(t, table)
		s := newShelf()
		d := s.put(packed)
		d.Annotations = map[string]string{
			"io.github.containers.zstd-chunked.manifest-position": fmt.Sprintf("0:%d:%d:1", len(packed), len(table)),
			"io.github.containers.zstd-chunked.manifest-checksum": string(ref.DigestOf(packed)),
		}
		_, _ = s.reader().List(t.Context(), d, nil) // it must not panic
	})
}
