package layer

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"regatta/model/image"
	"regatta/model/ref"
)

// Annotations of layers that have a table of contents.
const (
	stargzDigest  = "containerd.io/snapshot/stargz/toc.digest"
	chunkedAt     = "io.github.containers.zstd-chunked.manifest-position"
	chunkedDigest = "io.github.containers.zstd-chunked.manifest-checksum"
)

var errTable = errors.New("the table of contents cannot be read")

// table reads a layer's table of contents.
type table func(ctx context.Context, r Reader, d image.Descriptor) (contents, error)

// tableOf is how a layer's table of contents is read; nil if it has none whose
// digest the manifest vouches for.
func tableOf(d image.Descriptor) table {
	switch {
	case d.Annotations[stargzDigest] != "" && d.Size > stargzFooter:
		return readStargz
	case d.Annotations[chunkedAt] != "" && d.Annotations[chunkedDigest] != "":
		return readChunked
	}
	return nil
}

// part reads some bytes from the middle of a layer.
func (r Reader) part(ctx context.Context, d image.Descriptor, offset, length int64) ([]byte, error) {
	if length < 0 || length > maxTable || offset < 0 || offset+length > d.Size {
		return nil, errTable
	}
	blob, err := r.Blobs.Blob(ctx, r.Repository, d, offset)
	if err != nil {
		return nil, err
	}
	defer blob.Close()   //nolint:errcheck // the rest is not wanted
	var out bytes.Buffer // which grows with what comes, not with what is claimed
	_, err = io.CopyN(&out, &counted{from: blob, ctx: ctx}, length)
	return out.Bytes(), err
}

// stargzFooter is the length in bytes of an eStargz layer's footer
// (containerd/stargz-snapshotter, docs/estargz.md).
const stargzFooter = 51

func readStargz(ctx context.Context, r Reader, d image.Descriptor) (contents, error) {
	footer, err := r.part(ctx, d, d.Size-stargzFooter, stargzFooter)
	if err != nil {
		return nil, err
	}
	at, err := stargzOffset(footer)
	if err != nil {
		return nil, err
	}
	packed, err := r.part(ctx, d, at, d.Size-stargzFooter-at)
	if err != nil {
		return nil, err
	}
	plain, err := open(&counted{from: bytes.NewReader(packed), ctx: ctx})
	if err != nil {
		return nil, err
	}
	defer plain.Close() //nolint:errcheck // all that counts was read
	t := tar.NewReader(plain)
	h, err := t.Next()
	if err != nil || h.Name != "stargz.index.json" {
		return nil, errTable
	}
	raw, err := io.ReadAll(io.LimitReader(t, maxTable))
	if err != nil {
		return nil, err
	}
	return parseTable(raw, d.Annotations[stargzDigest])
}

// stargzOffset is where the table begins, by the footer: a gzip header with an
// extra field.
func stargzOffset(footer []byte) (int64, error) {
	z, err := gzip.NewReader(bytes.NewReader(footer))
	if err != nil {
		return 0, errTable
	}
	const head, digits = 4, 16 // SG and a length; the offset in hex
	extra := z.Extra
	if len(extra) < head+digits || !bytes.HasPrefix(extra, []byte("SG")) ||
		!bytes.HasPrefix(extra[head+digits:], []byte("STARGZ")) {
		return 0, errTable
	}
	return strconv.ParseInt(string(extra[head:head+digits]), 16, 64)
}

// readChunked reads the table of a zstd:chunked layer (containers/storage,
// docs/containers-storage-zstd-chunked.md).
func readChunked(ctx context.Context, r Reader, d image.Descriptor) (contents, error) {
	var at, packed, plain, kind int64
	n, err := fmt.Sscanf(d.Annotations[chunkedAt], "%d:%d:%d:%d", &at, &packed, &plain, &kind)
	if err != nil || n != 4 || kind != 1 || plain > maxTable {
		return nil, errTable
	}
	raw, err := r.part(ctx, d, at, packed)
	if err != nil {
		return nil, err
	}
	if err := confirm(raw, d.Annotations[chunkedDigest]); err != nil {
		return nil, err
	}
	z, err := zstd.NewReader(bytes.NewReader(raw), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	if raw, err = io.ReadAll(io.LimitReader(z, plain+1)); err != nil || int64(len(raw)) != plain {
		return nil, errTable
	}
	return parseTable(raw, "")
}

func confirm(raw []byte, digest string) error {
	d, err := ref.ParseDigest(digest)
	if err != nil {
		return errTable
	}
	return d.Verify(raw)
}

// parseTable reads a table, whose digest is confirmed where it is given.
func parseTable(raw []byte, digest string) (contents, error) {
	if digest != "" {
		if err := confirm(raw, digest); err != nil {
			return nil, err
		}
	}
	var w struct {
		Version int      `json:"version"`
		Entries contents `json:"entries"`
	}
	if err := json.Unmarshal(raw, &w); err != nil || w.Version != 1 || len(w.Entries) > maxMembers {
		return nil, errTable
	}
	return w.Entries, nil
}
