package layer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"regatta/model/file"
	"regatta/model/image"
)

const (
	// mostDirect is how many files are fetched where they lie; more of them are
	// picked from the stream of the whole layer.
	mostDirect = 8
	// leastDirect is the size in bytes from which a layer is worth the requests.
	leastDirect = 256 << 10
)

// errElsewhere is why a file is looked for in the whole layer after all.
var errElsewhere = fmt.Errorf("%w: content does not lie where the table of contents says", errBroken)

// direct tells where files lie, by the layer's table of contents; nil where that
// does not tell, or is not worth it.
func (r Reader) direct(ctx context.Context, d image.Descriptor, wanted []*file.Inode) []tableEntry {
	toc := tableOf(d)
	if toc == nil || d.Size < leastDirect || len(wanted) > mostDirect {
		return nil
	}
	all, err := toc(ctx, r, d)
	if err != nil {
		return nil
	}
	out := make([]tableEntry, len(wanted))
	for n, i := range wanted {
		var ok bool
		if out[n], ok = all.find(i); !ok {
			return nil
		}
	}
	return out
}

// at reads n bytes of content from where it lies in a layer.
func (r Reader) at(
	ctx context.Context, d image.Descriptor, t tableEntry, n int64, progress func(int64), to io.Writer,
) error {
	if t.Offset >= d.Size {
		return errElsewhere
	}
	blob, err := r.Blobs.Blob(ctx, r.Repository, d, t.Offset)
	if err != nil {
		return err
	}
	defer blob.Close() //nolint:errcheck // the rest is not wanted
	plain, err := open(&counted{from: blob, ctx: ctx, progress: progress})
	if err != nil {
		return err
	}
	defer plain.Close() //nolint:errcheck // the rest is not wanted
	if _, err := io.CopyN(io.Discard, plain, t.Inner); err != nil {
		return cut(err)
	}
	_, err = io.CopyN(to, plain, n)
	if errors.Is(err, io.EOF) {
		return errElsewhere
	}
	return err
}

// fetchDirect reads the content of files from where they lie, and is left with
// those that it did not find there.
func (r Reader) fetchDirect(
	ctx context.Context, d image.Descriptor, wanted []*file.Inode, progress func(int64),
	open func(*file.Inode) (Sink, error),
) (left []*file.Inode, err error) {
	places := r.direct(ctx, d, wanted)
	if places == nil {
		return wanted, ctx.Err()
	}
	for n, i := range wanted {
		right, err := pour(i, open, func(to io.Writer) error { return r.at(ctx, d, places[n], i.Size, progress, to) })
		switch {
		case ctx.Err() != nil, err != nil && !errors.Is(err, errBroken), errors.Is(err, errStays):
			return nil, errors.Join(err, ctx.Err())
		case !right:
			return slices.Clone(wanted[n:]), nil
		}
	}
	return nil, nil
}
