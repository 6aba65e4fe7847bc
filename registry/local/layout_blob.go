package local

import (
	"context"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
)

// fetch brings a blob, from where an earlier try broke off. What is there
// already is compared with its digest, not believed.
func (l *layout) fetch(ctx context.Context, from Content, repo string, d image.Descriptor, add func(int64)) error {
	defer l.alone(d.Digest)()
	if l.whole(d) {
		return nil
	}
	if err := makeDir(filepath.Dir(l.path(d.Digest))); err != nil {
		return err
	}
	f, err := os.OpenFile(l.part(d.Digest), os.O_RDWR|os.O_CREATE, 0o644) //nolint:gosec // images are for others to read
	if err != nil {
		return err
	}
	err = l.fill(ctx, f, from, repo, d, add)
	if err = errors.Join(err, f.Close()); err != nil {
		if fault.Is(err, fault.Corrupt) {
			_ = os.Remove(l.part(d.Digest)) // there is nothing in it to go on from
		}
		return err
	}
	if err := os.Rename(l.part(d.Digest), l.path(d.Digest)); err != nil {
		return err
	}
	l.note(d.Digest)
	return nil
}

// fill writes what is missing of a part. Content that is read from its start is
// verified by its source, else here.
func (l *layout) fill(
	ctx context.Context, f *os.File, from Content, repo string, d image.Descriptor, add func(int64),
) error {
	sum := newHash(d.Digest)
	have, err := resumeAt(f, d, sum)
	if err != nil {
		return err
	}
	body, err := from.Blob(ctx, repo, d, have)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }() // it was read to its end, or the error is known
	var to io.Writer = f
	if have > 0 {
		to = io.MultiWriter(f, sum)
	}
	if err := pour(to, &ticking{Reader: body, add: add}); err != nil {
		return err
	}
	if have == 0 {
		return nil
	}
	if got := sumOf(d.Digest, sum); got != d.Digest {
		return &fault.Error{
			Op: "write to", Object: l.dir, Kind: fault.Corrupt, Err: &ref.MismatchError{Want: d.Digest, Got: got},
		}
	}
	return nil
}

// gulp is how much is read and written at a time, in bytes: with less, a fast
// network spends its time in system calls.
const gulp = 256 << 10

// pour is io.Copy that keeps to its buffer: a file would take a small one of its
// own.
func pour(to io.Writer, from io.Reader) error {
	_, err := io.CopyBuffer(struct{ io.Writer }{to}, struct{ io.Reader }{from}, make([]byte, gulp))
	return err
}

// resumeAt reads into sum what an earlier try has left, and is its size.
func resumeAt(f *os.File, d image.Descriptor, sum hash.Hash) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	have := info.Size()
	switch {
	case have == 0:
		return 0, nil
	case d.Size == 0 || have > d.Size:
		return 0, f.Truncate(0)
	}
	_, err = io.Copy(sum, f)
	return have, err
}

// ticking tells of every read how much it brought.
type ticking struct {
	io.Reader

	add func(int64)
}

// Read implements io.Reader.
func (t *ticking) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	if n > 0 {
		t.add(int64(n))
	}
	return n, err
}
