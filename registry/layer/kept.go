package layer

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"regatta/model/file"
	"regatta/model/ref"
)

// What is kept of a layer is the SHA-256 of the bytes that it expanded to, and the list
// of its files. Of a list that is a table of contents nothing expanded: its sum is zero.
type expanded [sha256.Size]byte

// kept is the list that is kept of a layer, unless it was read of other bytes than the
// config of the image says.
func kept(raw []byte, diffID ref.Digest) ([]file.Entry, bool) {
	if len(raw) < sha256.Size {
		return nil, false
	}
	plain := expanded(raw[:sha256.Size])
	if plain != (expanded{}) && plain.differs(diffID) {
		return nil, false
	}
	entries, err := Decode(raw[sha256.Size:])
	return entries, err == nil
}

func keep(plain expanded, entries []file.Entry) []byte { return append(plain[:], Encode(entries)...) }

// differs reports whether a config speaks of other bytes. Digests that are no SHA-256 are
// compared with nothing.
func (e expanded) differs(diffID ref.Digest) bool {
	return strings.HasPrefix(string(diffID), "sha256:") && diffID.Hex() != hex.EncodeToString(e[:])
}

// confirm compares with what the config says of the layer: one that was cut between two
// files before it was pushed, or swapped, is a sound tar like any other.
func (e expanded) confirm(diffID ref.Digest) error {
	if e.differs(diffID) {
		return fmt.Errorf("%w: %w", errBroken, errOther)
	}
	return nil
}

var errOther = errors.New("it is not the layer that the config of the image was made with (diff_ids)")
