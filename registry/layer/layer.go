// Package layer reads the layers of images: what files they have, and the content
// of some of them, as a stream that is never kept as a whole. It may import the
// model and the libraries that decompress; it knows no terminal.
package layer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"regatta/model/fault"
	"regatta/model/file"
	"regatta/model/image"
	"regatta/model/ref"
)

// Blobs is where layers are read from.
type Blobs interface {
	Blob(ctx context.Context, repo string, d image.Descriptor, offset int64) (io.ReadCloser, error)
}

// Lists keeps the lists of files of layers.
type Lists interface {
	// Files is the list that was kept of a layer, as Encode made it.
	Files(ctx context.Context, layer ref.Digest) (raw []byte, ok bool)
	PutFiles(layer ref.Digest, raw []byte)
}

// Reader reads layers of a repository.
type Reader struct {
	Blobs      Blobs
	Lists      Lists // nil: every list is read anew
	Repository string
	// DiffIDs are the digests of what layers expand to, as the config of the image says
	// (image-spec, config, rootfs). A layer that expands to anything else is broken.
	DiffIDs map[ref.Digest]ref.Digest
}

// List is the files of a layer, in the order of its tar. It comes from the lists
// that are kept, from the layer's table of contents where it has one, else from
// reading all of it: then its digest is confirmed. Progress is told how many more
// bytes of the layer were read; nil: nobody listens.
func (r Reader) List(ctx context.Context, d image.Descriptor, progress func(bytes int64)) ([]file.Entry, error) {
	if r.Lists != nil {
		if raw, ok := r.Lists.Files(ctx, d.Digest); ok {
			if entries, ok := kept(raw, r.DiffIDs[d.Digest]); ok {
				return entries, nil
			}
		}
	}
	entries, plain, err := r.read(ctx, d, progress)
	if err != nil {
		return nil, explain(d, err)
	}
	if r.Lists != nil {
		r.Lists.PutFiles(d.Digest, keep(plain, entries))
	}
	return entries, nil
}

func (r Reader) read(
	ctx context.Context, d image.Descriptor, progress func(int64),
) (out []file.Entry, plain expanded, err error) {
	if err := readable(d); err != nil {
		return nil, plain, err
	}
	if toc := tableOf(d); toc != nil {
		entries, err := r.listed(ctx, toc, d)
		if err == nil || ctx.Err() != nil {
			return entries, plain, err
		} // a table that is not as its annotation says: the layer itself counts
	}
	sum := sha256.New()
	err = r.stream(ctx, d, progress, sum, func(m *member) error {
		e, err := m.entry()
		if err == nil {
			out = append(out, e)
		}
		return err
	})
	if err == nil {
		plain = expanded(sum.Sum(nil))
		err = plain.confirm(r.DiffIDs[d.Digest])
	}
	return out, plain, err
}

func (r Reader) listed(ctx context.Context, toc table, d image.Descriptor) ([]file.Entry, error) {
	all, err := toc(ctx, r, d)
	if err != nil {
		return nil, err
	}
	return all.entries()
}

// stream reads all members of a layer, and confirms its digest. What it expands to is
// summed up where that is asked for.
func (r Reader) stream(
	ctx context.Context, d image.Descriptor, progress func(int64), sum hash.Hash, each func(*member) error,
) error {
	if err := readable(d); err != nil {
		return err
	}
	blob, err := r.Blobs.Blob(ctx, r.Repository, d, 0)
	if err != nil {
		return err
	}
	defer blob.Close() //nolint:errcheck // all that counts was read
	in := &counted{from: blob, ctx: ctx, progress: progress, unsized: d.Size <= 0}
	plain, err := open(in)
	if err != nil {
		return err
	}
	defer plain.Close() //nolint:errcheck // all that counts was read
	plain.sum = sum
	failed := members(plain, each)
	if failed != nil && !errors.Is(failed, errBroken) {
		return failed
	}
	if _, err := io.Copy(io.Discard, in); err != nil { // the digest is confirmed at the end
		return err // what is broken is another blob than it should be, more often than not
	}
	return failed
}

// counted counts what is read of a layer, and stops where the context ends.
type counted struct {
	from     io.Reader
	ctx      context.Context //nolint:containedctx // of one reading
	progress func(int64)
	unsized  bool // nobody says how much there is
	bytes    int64
}

// Read implements io.Reader.
func (c *counted) Read(p []byte) (int, error) {
	if err := context.Cause(c.ctx); err != nil {
		return 0, err
	}
	n, err := c.from.Read(p)
	c.bytes += int64(n)
	if c.progress != nil && n > 0 {
		c.progress(int64(n))
	}
	if c.unsized && c.bytes > maxUnsized {
		return n, fmt.Errorf("%w: the manifest does not say its size, and it has more than 16 GiB", errLarge)
	}
	return n, err
}

// readable refuses layers that cannot be read whatever is tried.
func readable(d image.Descriptor) error {
	switch t := d.MediaType; {
	case d.IsForeign():
		return errors.New("it is foreign: its content is not in the registry")
	case strings.Contains(t, "+encrypted"):
		return errors.New("it is encrypted")
	case d.Digest == "":
		return errors.New("it has no digest")
	}
	return nil
}

// explain says which layer an error is about.
func explain(d image.Descriptor, err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	out := &fault.Error{
		Op: "read the files of layer", Object: d.Digest.Short(), Kind: fault.Unsupported, Detail: err.Error(), Err: err,
	}
	switch {
	case errors.Is(err, context.Canceled):
		out.Kind = fault.Cancelled
	case errors.Is(err, errLarge):
		out.Kind, out.Detail = fault.TooLarge, strings.TrimPrefix(out.Detail, errLarge.Error()+": ")
		out.Advice = "`regatta pull` saves the image with this layer as it is"
	case errors.Is(err, errBroken):
		out.Kind, out.Detail = fault.Corrupt, strings.TrimPrefix(out.Detail, errBroken.Error()+": ")
		out.Advice = "the layer was pushed like this: build the image again"
	}
	return out
}
