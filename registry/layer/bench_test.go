package layer_test

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"

	"regatta/model/file"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/layer"
)

// multitude serves one layer of a million empty files, made as it is read.
type multitude struct{}

func (multitude) Blob(context.Context, string, image.Descriptor, int64) (io.ReadCloser, error) {
	r, w := io.Pipe()
	go func() {
		t := tar.NewWriter(w)
		var err error
		for i := 0; i < 1_000_000 && err == nil; i++ {
			err = t.WriteHeader(&tar.Header{Name: fmt.Sprintf("srv/data/%03d/%03d/file-%d", i/10_000, i/100%100, i), Typeflag: tar.TypeReg})
		}
		_ = w.CloseWithError(errors.Join(err, t.Close()))
	}()
	return r, nil
}

// BenchmarkMillion lists a layer of a million files, and lays it above nothing.
func BenchmarkMillion(b *testing.B) {
	for b.Loop() {
		list, err := layer.Reader{Blobs: multitude{}}.List(b.Context(), image.Descriptor{Digest: ref.DigestOf(nil), Size: 1 << 30}, nil)
		if err != nil || len(list) != 1_000_000 {
			b.Fatal(len(list), err)
		}
		img := file.Merge([][]file.Entry{list})
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapInuse>>20), "MB")
		b.ReportMetric(float64(len(layer.Encode(list))>>10), "kB/list")
		if img.Root.Files != 1_000_000 {
			b.Fatal(img.Root.Files)
		}
	}
}
