package image

import (
	"bytes"
	"encoding/json"
	"fmt"

	"regatta/model/text"
)

// maxEntries is how many entries a list may have. Honest ones have fewer than
// fit into a manifest of 4 MiB; lists of nothing would take a gigabyte.
const maxEntries = 25_000

// bounded is a list that is read no further than to maxEntries.
type bounded[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (l *bounded[T]) UnmarshalJSON(raw []byte) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	switch open, err := dec.Token(); {
	case err != nil:
		return err
	case open == nil: // null is no list
		return nil
	case open != json.Delim('['):
		return fmt.Errorf("want a list, have %.20q", raw)
	}
	*l = bounded[T]{}
	for dec.More() {
		if len(*l) == maxEntries {
			return fmt.Errorf("a list has more than %s entries", text.Count(maxEntries))
		}
		var v T
		if err := dec.Decode(&v); err != nil {
			return err
		}
		*l = append(*l, v)
	}
	return nil
}
