package usage

import (
	"encoding/json"
	"errors"
	"io"
)

// The most that is read of a cluster: larger ones do not fit into a list that a
// person or a plan could use.
const (
	maxListBytes = 1 << 30
	maxObjects   = 500_000
)

var errTooMuch = errors.New("the cluster holds more than can be read")

// decode reads a list of objects, one at a time.
func (c *cluster) decode(r io.Reader) error {
	limited := &io.LimitedReader{R: r, N: maxListBytes}
	dec := json.NewDecoder(limited)
	err := c.list(dec)
	if err != nil && limited.N == 0 {
		return errTooMuch
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// list reads the fields of a list, of which only the items matter.
func (c *cluster) list(dec *json.Decoder) error {
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
		if err := c.items(dec); err != nil {
			return err
		}
	}
	if !found {
		return errors.New("it holds no list")
	}
	return expect(dec, '}')
}

func (c *cluster) items(dec *json.Decoder) error {
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
