package layer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"regatta/model/file"
	"regatta/model/image"
)

// errEnough ends reading a layer before its end.
var errEnough = errors.New("enough was read")

// Head is the first n bytes of a file's content, or all of it. Whether the rest of
// the layer is what its digest says is not looked at.
func (r Reader) Head(ctx context.Context, d image.Descriptor, of *file.Inode, n int64) ([]byte, error) {
	var out []byte
	found := false
	err := r.stream(ctx, d, nil, func(m *member) error {
		if p, _ := file.Place(m.header.Name); p != of.Path || typeOf(m.header.Typeflag) != file.Regular ||
			m.header.Size != of.Size {
			return nil
		}
		found = true
		var err error
		if out, err = io.ReadAll(io.LimitReader(m.content, n)); err != nil {
			return cut(err)
		}
		return errEnough
	})
	switch {
	case err != nil && !errors.Is(err, errEnough):
		return nil, explain(d, err)
	case !found:
		return nil, lost(d, of.Path)
	}
	return out, nil
}

func lost(d image.Descriptor, p string) error {
	return explain(d, fmt.Errorf("%w: %.200q is not in it", errBroken, p))
}

// Fetch reads the content of files of one layer, and writes each to what open
// gives for it. Content is confirmed by what the layer's list says of it: what is
// not is closed with an error, and nothing more is read then.
func (r Reader) Fetch(
	ctx context.Context, d image.Descriptor, wanted []*file.Inode, progress func(int64),
	open func(*file.Inode) (Sink, error),
) error {
	left := make(map[string]*file.Inode, len(wanted))
	for _, i := range wanted {
		left[i.Path] = i
	}
	err := r.stream(ctx, d, progress, func(m *member) error {
		p, _ := file.Place(m.header.Name)
		i := left[p]
		if i == nil || typeOf(m.header.Typeflag) != file.Regular || m.header.Size != i.Size {
			return nil
		}
		right, err := pour(m, i, open)
		if err != nil {
			return err
		}
		if right {
			delete(left, p)
		}
		if len(left) == 0 {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return explain(d, err)
	}
	for p := range left {
		return lost(d, p)
	}
	return nil
}

// Sink takes the content of a file.
type Sink interface {
	io.Writer
	// Keep ends writing what was confirmed.
	Keep() error
	// Drop ends writing, and takes back what was written.
	Drop() error
}

// pour writes the content of a member, and reports whether it is what is wanted:
// a layer may have a path twice.
func pour(m *member, i *file.Inode, open func(*file.Inode) (Sink, error)) (right bool, err error) {
	to, err := open(i)
	if err != nil {
		return false, err
	}
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(to, sum), m.content)
	if err != nil {
		return false, errors.Join(cut(err), to.Drop())
	}
	if [16]byte(sum.Sum(nil)[:16]) != i.Sum {
		return false, to.Drop()
	}
	return true, to.Keep()
}
