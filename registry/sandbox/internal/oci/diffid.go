package oci

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// DiffID is the digest of what a layer expands to. A layer that does not expand is taken
// as it is.
func DiffID(layer []byte) string {
	if plain, err := expand(layer); err == nil {
		layer = plain
	}
	return Digest(layer)
}

func expand(layer []byte) ([]byte, error) {
	if z, err := gzip.NewReader(bytes.NewReader(layer)); err == nil {
		return io.ReadAll(z)
	}
	z, err := zstd.NewReader(bytes.NewReader(layer), zstd.WithDecoderMaxMemory(1<<30))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	return io.ReadAll(z)
}
