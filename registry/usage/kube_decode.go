package usage

import (
	"encoding/json"
	"errors"
	"io"
)

// The most that is read of a cluster: larger ones do not fit into a list that a
// person or a plan could use. An object is in memory as a whole, the list is not;
// the API server takes none of more than 3 MiB.
const (
	maxListBytes   = 1 << 30
	maxObjectBytes = 8 << 20
	maxObjects     = 500_000
)

var (
	errTooMuch  = errors.New("the cluster holds more than the 500,000 objects, or 1 GiB, that are read")
	errTooLarge = errors.New("one object has more than the 8 MiB that are read of one")
)

// portions is a reader that gives no more than so many bytes at a time.
type portions struct {
	inner io.Reader
	left  int64
}

func (p *portions) next() { p.left = maxObjectBytes }

// Read implements io.Reader.
func (p *portions) Read(b []byte) (int, error) {
	if p.left <= 0 {
		return 0, errTooLarge
	}
	n, err := p.inner.Read(b)
	p.left -= int64(n)
	return n, err
}

// decode reads a list of objects, one at a time.
func (c *cluster) decode(r io.Reader) error {
	limited := &io.LimitedReader{R: r, N: maxListBytes}
	portion := &portions{inner: limited}
	portion.next()
	err := c.list(json.NewDecoder(portion), portion.next)
	if err != nil && limited.N == 0 {
		return errTooMuch
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// list reads the fields of a list, of which only the items matter. After each
// object, next is told.
func (c *cluster) list(dec *json.Decoder, next func()) error {
	if err := expect(dec, '{'); err != nil {
		return err
	}
	found := false
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		if key != "items" {
			var skipped json.RawMessage
			if err := dec.Decode(&skipped); err != nil {
				return err
			}
			continue
		}
		found = true
		if err := c.items(dec, next); err != nil {
			return err
		}
	}
	if !found {
		return errors.New("it holds no list")
	}
	return expect(dec, '}')
}

func (c *cluster) items(dec *json.Decoder, next func()) error {
	if err := expect(dec, '['); err != nil {
		return err
	}
	for n := 0; dec.More(); n++ {
		if n == maxObjects {
			return errTooMuch
		}
		var o object
		if err := dec.Decode(&o); err != nil {
			return err
		}
		c.object(o)
		next()
	}
	return expect(dec, ']')
}

func expect(dec *json.Decoder, want json.Delim) error {
	token, err := dec.Token()
	if err == nil && token != want {
		err = errors.New("want " + want.String())
	}
	return err
}
