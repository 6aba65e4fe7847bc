package layer

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"regatta/model/file"
)

// block is what a tar consists of, in bytes.
const block = 512

// member is one of a layer's tar, with its content. It counts until the next.
type member struct {
	header  *tar.Header
	content io.Reader
	buffer  []byte // for copying
	sum     hash.Hash
	digest  [sha256.Size]byte
}

// grown is the content of members, of which the bytes are counted that come out: a
// sparse file has more than the layer.
type grown struct {
	from  io.Reader
	in    *bounded
	bytes int64
}

// Read implements io.Reader.
func (g *grown) Read(p []byte) (int, error) {
	if err := context.Cause(g.in.stored.ctx); err != nil {
		return 0, err
	}
	n, err := g.from.Read(p)
	g.bytes += int64(n)
	if large := g.in.stored.expands(g.bytes); large != nil {
		return n, large
	}
	return n, err
}

// members reads a tar, one member after the other.
func members(plain *bounded, each func(*member) error) error {
	t := tar.NewReader(plain)
	m := &member{content: &grown{from: t, in: plain}, buffer: make([]byte, bufferSize), sum: sha256.New()}
	var all extent
	for {
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF) && plain.plain%block != 0:
			return cut(io.ErrUnexpectedEOF) // in what fills up a file's last block
		case errors.Is(err, io.EOF):
			return drain(plain)
		case errors.Is(err, tar.ErrHeader):
			return fmt.Errorf("%w: it is no tar", errBroken)
		case err != nil:
			return cut(err)
		}
		if err := all.add(h); err != nil {
			return err
		}
		if h.Typeflag == tar.TypeXGlobalHeader {
			continue // it is about the archive, and no file of it
		}
		m.header = h
		if err := each(m); err != nil {
			return err
		}
	}
}

// extent is how much the headers of a layer are so far.
type extent struct{ members, names, parts int }

func (e *extent) add(h *tar.Header) error {
	e.members++
	e.names += len(h.Name) + len(h.Linkname)
	e.parts += strings.Count(h.Name, "/") + 1
	switch {
	case e.members > maxMembers:
		return fmt.Errorf("%w: it has more than %d files", errLarge, maxMembers)
	case len(h.Name) > maxName || len(h.Linkname) > maxName:
		return fmt.Errorf("%w: a name is longer than 16 KiB", errLarge)
	case e.parts > maxParts:
		return fmt.Errorf("%w: its directories lie too deep in each other", errLarge)
	case e.names > maxNames:
		return fmt.Errorf("%w: the names alone are more than 512 MiB", errLarge)
	}
	return nil
}

// drain reads what follows the end of a tar, so that the checksum of what it is
// compressed with counts too.
func drain(plain io.Reader) error {
	_, err := io.Copy(io.Discard, plain)
	return err
}

// typeOf is the type of a member.
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
	m.sum.Reset()
	n, err := io.CopyBuffer(m.sum, m.content, m.buffer)
	if err != nil {
		return e, fmt.Errorf("%w, at %.200q", cut(err), h.Name)
	}
	e.Size = n
	copy(e.Sum[:], m.sum.Sum(m.digest[:0]))
	return e, nil
}

func cut(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it ends in the middle of a file", errBroken)
	}
	return err
}
