package layer

import (
	"archive/tar"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"

	"regatta/model/file"
)

// What a layer may have at most.
const (
	maxMembers = 1_200_000 // a million of them take 0.9 GB once they are merged
	maxName    = 16 << 10  // bytes
	maxNames   = 512 << 20
	maxParts   = 20_000_000 // of all paths together: every directory of a path takes memory once they are merged
)

// member is one of a layer's tar, with its content.
type member struct {
	header  *tar.Header
	content io.Reader
}

// members reads a tar, one member after the other.
func members(plain io.Reader, each func(*member) error) error {
	t := tar.NewReader(plain)
	names, parts := 0, 0
	for n := 0; ; n++ {
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return drain(plain)
		case errors.Is(err, tar.ErrHeader):
			return fmt.Errorf("%w: it is no tar", errBroken)
		case errors.Is(err, io.ErrUnexpectedEOF):
			return fmt.Errorf("%w: it ends in the middle of a file", errBroken)
		case err != nil:
			return err
		}
		names += len(h.Name) + len(h.Linkname)
		parts += strings.Count(h.Name, "/") + 1
		switch {
		case n == maxMembers:
			return fmt.Errorf("%w: it has more than %d files", errLarge, maxMembers)
		case len(h.Name) > maxName || len(h.Linkname) > maxName:
			return fmt.Errorf("%w: a name is longer than 16 KiB", errLarge)
		case parts > maxParts:
			return fmt.Errorf("%w: its directories lie too deep in each other", errLarge)
		case names > maxNames:
			return fmt.Errorf("%w: the names alone are more than 512 MiB", errLarge)
		}
		if err := each(&member{h, t}); err != nil {
			return err
		}
	}
}

// drain reads what follows the end of a tar, so that the checksum of what it is
// compressed with counts too.
func drain(plain io.Reader) error {
	_, err := io.Copy(io.Discard, plain)
	return err
}

// typeOf is the type of a member. PAX and GNU headers never come here.
func typeOf(flag byte) file.Type {
	switch flag {
	case tar.TypeReg, tar.TypeRegA, tar.TypeGNUSparse, tar.TypeCont: //nolint:staticcheck // old archives have TypeRegA
		return file.Regular
	case tar.TypeDir:
		return file.Dir
	case tar.TypeSymlink:
		return file.Symlink
	case tar.TypeLink:
		return file.Hardlink
	case tar.TypeChar:
		return file.Char
	case tar.TypeBlock:
		return file.Block
	case tar.TypeFifo:
		return file.Fifo
	}
	return file.Other
}

// entry is what is kept of the member. The content is read.
func (m *member) entry() (file.Entry, error) {
	h := m.header
	e := file.Entry{
		Type: typeOf(h.Typeflag), Mode: uint32(h.Mode) & 0o7777, //nolint:gosec // twelve bits
		UID: h.Uid, GID: h.Gid, Modified: h.ModTime.Unix(), Link: h.Linkname,
	}
	e.Path, e.Odd = file.Place(h.Name)
	if e.Type != file.Regular {
		return e, nil
	}
	sum := sha256.New()
	n, err := io.Copy(sum, m.content)
	if err != nil {
		return e, fmt.Errorf("read %.200q: %w", h.Name, cut(err))
	}
	e.Size = n
	copy(e.Sum[:], sum.Sum(nil))
	return e, nil
}

func cut(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends in the middle of a file", errBroken)
	}
	return err
}
