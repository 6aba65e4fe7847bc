package store

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// Content is the bytes of a blob, wherever they are: in memory, in a file, or
// made when read.
type Content interface {
	// Size is the length in bytes.
	Size() int64
	// Open reads from an offset in bytes to the end.
	Open(offset int64) (io.ReadCloser, error)
}

// Bytes is content held in memory.
type Bytes []byte

// Size is the length in bytes.
func (b Bytes) Size() int64 { return int64(len(b)) }

// Open reads from an offset.
func (b Bytes) Open(offset int64) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(b[min(offset, int64(len(b))):])), nil
}

// file is content in a temporary file of the store.
type file struct {
	path string
	size int64
}

func (f file) Size() int64 { return f.size }

func (f file) Open(offset int64) (io.ReadCloser, error) {
	src, err := os.Open(f.path)
	if err != nil {
		return nil, fmt.Errorf("open spilled blob: %w", err)
	}
	if _, err := src.Seek(offset, io.SeekStart); err != nil {
		return nil, fmt.Errorf("seek in spilled blob: %w", err)
	}
	return src, nil
}
