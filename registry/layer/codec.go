package layer

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"github.com/klauspost/compress/flate"

	"regatta/model/file"
)

// A kept list is its version, the first bytes of the SHA-256 of the rest, and the
// entries, compressed: paths as what they have in common with the one before and
// what they have not.
const (
	listVersion = 1
	sumLength   = 16
)

var errList = errors.New("not a list of files")

// Encode makes a list that can be kept.
func Encode(entries []file.Entry) []byte {
	var body bytes.Buffer
	w, err := flate.NewWriter(&body, flate.DefaultCompression)
	plain := binary.AppendUvarint(nil, uint64(len(entries)))
	last := ""
	for i := range entries {
		_, failed := w.Write(plain)
		err = errors.Join(err, failed)
		plain = appendEntry(plain[:0], last, entries[i])
		last = entries[i].Path
	}
	_, failed := w.Write(plain)
	if err = errors.Join(err, failed, w.Close()); err != nil {
		panic(err) // writing to memory does not fail
	}
	sum := sha256.Sum256(body.Bytes())
	return append(append([]byte{listVersion}, sum[:sumLength]...), body.Bytes()...)
}

func appendEntry(b []byte, last string, e file.Entry) []byte {
	same := 0
	for same < min(len(last), len(e.Path)) && last[same] == e.Path[same] {
		same++
	}
	number := func(n uint64) { b = binary.AppendUvarint(b, n) }
	word := func(s string) {
		number(uint64(len(s)))
		b = append(b, s...)
	}
	number(uint64(same))
	word(e.Path[same:])
	odd := byte(0)
	if e.Odd {
		odd = oddBit
	}
	b = append(b, byte(e.Type)|odd)
	number(uint64(e.Mode))
	b = binary.AppendVarint(b, int64(e.UID))
	b = binary.AppendVarint(b, int64(e.GID))
	b = binary.AppendVarint(b, e.Size)
	b = binary.AppendVarint(b, e.Modified)
	word(e.Link)
	if e.Type == file.Regular {
		b = append(b, e.Sum[:]...)
	}
	return b
}

const oddBit = 0x80

// Decode reads a list that was kept.
func Decode(raw []byte) ([]file.Entry, error) {
	if len(raw) < 1+sumLength || raw[0] != listVersion {
		return nil, errList
	}
	body := raw[1+sumLength:]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:sumLength], raw[1:1+sumLength]) {
		return nil, errList
	}
	c := cursor{from: bufio.NewReader(io.LimitReader(flate.NewReader(bytes.NewReader(body)), maxList))}
	n := c.number()
	if n > maxMembers {
		return nil, errList
	}
	out := make([]file.Entry, 0, n) // the sum says that we wrote it
	last := ""
	for range n {
		e := c.entry(last)
		if c.bad {
			return nil, errList
		}
		last = e.Path
		out = append(out, e)
	}
	return out, nil
}

// cursor reads a list; bad says that it was none.
type cursor struct {
	from  *bufio.Reader
	bytes []byte // that were taken last
	bad   bool
}

// take reads some bytes, which count until the next are taken.
func (c *cursor) take(n uint64) []byte {
	if c.bad || n > maxWord {
		c.bad = true
		return nil
	}
	c.bytes = slices.Grow(c.bytes[:0], int(n))[:n]
	if _, err := io.ReadFull(c.from, c.bytes); err != nil {
		c.bad = true
		return nil
	}
	return c.bytes
}

func (c *cursor) number() uint64 {
	n, err := binary.ReadUvarint(c.from)
	c.bad = c.bad || err != nil
	return n
}

func (c *cursor) signed() int64 {
	n, err := binary.ReadVarint(c.from)
	c.bad = c.bad || err != nil
	return n
}

func (c *cursor) entry(last string) file.Entry {
	same := c.number()
	if same > uint64(len(last)) {
		c.bad = true
		return file.Entry{}
	}
	e := file.Entry{Path: last[:same] + string(c.take(c.number()))}
	if kind := c.take(1); len(kind) == 1 {
		e.Type, e.Odd = file.Type(kind[0]&^oddBit), kind[0]&oddBit != 0
	}
	e.Mode = uint32(c.number()) //nolint:gosec // twelve bits
	e.UID, e.GID = int(c.signed()), int(c.signed())
	e.Size, e.Modified = c.signed(), c.signed()
	e.Link = string(c.take(c.number()))
	if e.Type == file.Regular {
		copy(e.Sum[:], c.take(uint64(len(e.Sum))))
	}
	return e
}
