package layer

import (
	"bytes"
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

// Head is the first n bytes of a file's content, or all of it. Content that is read
// to its end is confirmed; the rest of the layer is not looked at.
func (r Reader) Head(ctx context.Context, d image.Descriptor, of *file.Inode, n int64) ([]byte, error) {
	if places := r.direct(ctx, d, []*file.Inode{of}); places != nil {
		var b bytes.Buffer
		err := r.at(ctx, d, places[0], min(n, of.Size), nil, &b)
		if err == nil && (n < of.Size || sumOf(b.Bytes()) == of.Sum) {
			return b.Bytes(), nil
		} // else the whole layer tells
	}
	var out []byte
	err := r.stream(ctx, d, nil, nil, func(m *member) error {
		if p, _ := file.Place(m.header.Name); p != of.Path || typeOf(m.header.Typeflag) != file.Regular ||
			m.header.Size != of.Size {
			return nil
		}
		head, err := m.head(n)
		if err != nil {
			return err
		}
		if [16]byte(m.sum.Sum(nil)[:16]) != of.Sum {
			return nil // a layer may have a path twice
		}
		out = head
		return errEnough
	})
	switch {
	case errors.Is(err, errEnough):
		return out, nil
	case err != nil:
		return nil, explain(d, err)
	}
	return nil, lost(d, of.Path)
}

// head is the beginning of the content, all of which is summed up.
func (m *member) head(n int64) ([]byte, error) {
	var out bytes.Buffer
	m.sum.Reset()
	from := io.TeeReader(m.content, m.sum)
	if _, err := io.CopyN(&out, from, n); err != nil && !errors.Is(err, io.EOF) {
		return nil, cut(err)
	}
	_, err := io.Copy(io.Discard, from)
	return out.Bytes(), cut(err)
}

func sumOf(content []byte) [16]byte {
	sum := sha256.Sum256(content)
	return [16]byte(sum[:16])
}

func lost(d image.Descriptor, p string) error {
	return explain(d, fmt.Errorf("%w: %.200q is not in it", errBroken, p))
}

// Fetch reads the content of files of one layer, and writes each to what open
// gives for it. Content is confirmed by what the layer's list says of it: what is
// not is dropped. Of a few files of a layer with a table of contents no more is
// read than they take.
func (r Reader) Fetch(
	ctx context.Context, d image.Descriptor, wanted []*file.Inode, progress func(int64),
	open func(*file.Inode) (Sink, error),
) error {
	wanted, err := r.fetchDirect(ctx, d, wanted, progress, open)
	if err == nil && len(wanted) > 0 {
		err = r.pick(ctx, d, wanted, progress, open)
	}
	if err != nil {
		return explain(d, err)
	}
	return nil
}

// pick reads the content of files from the stream of the whole layer.
func (r Reader) pick(
	ctx context.Context, d image.Descriptor, wanted []*file.Inode, progress func(int64),
	open func(*file.Inode) (Sink, error),
) error {
	left := make(map[string]*file.Inode, len(wanted))
	for _, i := range wanted {
		left[i.Path] = i
	}
	err := r.stream(ctx, d, progress, nil, func(m *member) error {
		p, _ := file.Place(m.header.Name)
		i := left[p]
		if i == nil || typeOf(m.header.Typeflag) != file.Regular || m.header.Size != i.Size {
			return nil
		}
		right, err := pour(i, open, func(to io.Writer) error {
			_, err := io.CopyBuffer(to, m.content, m.buffer)
			return cut(err)
		})
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
		return err
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

// pour writes the content of a file, and reports whether it is what is wanted: a
// layer may have a path twice.
func pour(i *file.Inode, open func(*file.Inode) (Sink, error), content func(io.Writer) error) (right bool, err error) {
	to, err := open(i)
	if err != nil {
		return false, err
	}
	sum := sha256.New()
	if err := content(io.MultiWriter(to, sum)); err != nil {
		return false, errors.Join(err, drop(to))
	}
	if [16]byte(sum.Sum(nil)[:16]) != i.Sum {
		return false, drop(to)
	}
	return true, to.Keep()
}

// errStays marks that what was written could not be taken back.
var errStays = errors.New("what was written stays")

func drop(s Sink) error {
	if err := s.Drop(); err != nil {
		return fmt.Errorf("%w: %w", errStays, err)
	}
	return nil
}
