package lifecycle

import (
	"cmp"
	"encoding/binary"
	"slices"

	"regatta/model/ref"
)

// sortKey is what an entry is sorted by. The beginning of the digest is with
// it, so that equal times seldom need a look at the digests themselves.
type sortKey struct {
	at    instant
	begin uint64
	entry int32
}

// sort puts the newest first. Nothing else depends on the order of the images.
func (e *engine) sort() {
	keys := make([]sortKey, len(e.entries))
	for i := range keys {
		keys[i] = sortKey{e.entries[i].times[byCount], beginning(e.digests[i]), int32(i)}
	}
	sign := 1
	if e.on[EqualTimes] {
		sign = -1
	}
	slices.SortFunc(keys, func(a, b sortKey) int {
		switch {
		case a.at != b.at:
			return cmp.Compare(b.at, a.at)
		case a.begin != b.begin:
			return sign * cmp.Compare(a.begin, b.begin)
		}
		return sign * cmp.Compare(e.digests[a.entry], e.digests[b.entry])
	})
	e.order = make([]int32, len(keys))
	for at, k := range keys {
		e.order[at] = k.entry
	}
}

// beginning is a number that sorts as the beginnings of the digests' sums do.
func beginning(d ref.Digest) uint64 {
	const from, to = len("sha256:"), len("sha256:") + 8
	if len(d) < to {
		return 0
	}
	return binary.BigEndian.Uint64([]byte(d[from:to]))
}
