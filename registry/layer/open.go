package layer

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	bufferSize  = 64 << 10
	magicLength = 4
)

var (
	errLarge  = errors.New("too large")
	errBroken = errors.New("broken")
)

// open decompresses a layer, whichever of gzip, zstd and none it is: media types
// are not always right.
func open(in *counted) (*bounded, error) {
	b := bufio.NewReaderSize(in, bufferSize)
	magic, err := b.Peek(magicLength)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	var plain io.ReadCloser
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, broken(err)
		}
		plain = z
	case isZstd(magic):
		z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, broken(err)
		}
		plain = z.IOReadCloser()
	case bytes.HasPrefix(magic, []byte("BZh")), bytes.HasPrefix(magic, []byte{0xfd, '7', 'z', 'X'}):
		return nil, errors.New("it is compressed with bzip2 or xz, which the image specification does not know")
	default:
		plain = io.NopCloser(b)
	}
	return &bounded{ReadCloser: plain, stored: in}, nil
}

// isZstd knows frames of zstd and those that are skipped (RFC 8878, section 3.1).
func isZstd(magic []byte) bool {
	return bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}) ||
		len(magic) == magicLength && magic[0]&0xf0 == 0x50 && bytes.Equal(magic[1:], []byte{0x2a, 0x4d, 0x18})
}

// bounded stops what decompresses to far more than it should, and where the context
// ends.
type bounded struct {
	io.ReadCloser

	stored *counted
	plain  int64
	sum    hash.Hash // of what came; nil: nobody asks
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if err := context.Cause(b.stored.ctx); err != nil {
		return 0, err // what is decompressed may last for long without reading any more
	}
	n, err := b.ReadCloser.Read(p)
	b.plain += int64(n)
	if b.sum != nil {
		b.sum.Write(p[:n])
	}
	if large := b.stored.expands(b.plain); large != nil {
		return n, large
	}
	if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		return n, fmt.Errorf("%w: zstd is to look back more than 32 MiB", errLarge)
	}
	return n, broken(err)
}

// expands is an error where so many bytes are too many for what was read.
func (c *counted) expands(plain int64) error {
	switch {
	case plain > maxPlain:
		return fmt.Errorf("%w: it expands to more than 256 GiB", errLarge)
	case plain > ratioFrom && plain > c.bytes*maxRatio:
		return fmt.Errorf("%w: it expands to more than %d times its size", errLarge, maxRatio)
	}
	return nil
}

// broken marks errors of a decompressor, and leaves those of the connection.
func broken(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it does not decompress: %w", errBroken, err)
	}
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	for _, known := range []error{gzip.ErrChecksum, gzip.ErrHeader, zstd.ErrMagicMismatch, zstd.ErrCRCMismatch} {
		corrupt = corrupt || errors.Is(err, known)
	}
	if corrupt {
		return fmt.Errorf("%w: it does not decompress", errBroken)
	}
	return err
}
