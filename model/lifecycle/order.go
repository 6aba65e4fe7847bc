package lifecycle

import (
	"cmp"
	"encoding/binary"
	"slices"

	"regatta/model/ref"
)

// sortKey is what an entry is sorted by: a number that is the smaller the newer
// the image.
type sortKey struct {
	age   uint64
	entry int32
}

// sort puts the newest first. Nothing else depends on the order of the images.
func (e *engine) sort() {
	keys, begins := make([]sortKey, len(e.entries)), make([]uint64, len(e.entries))
	for i := range keys {
		keys[i] = sortKey{^(uint64(e.entries[i].times[byCount]) ^ 1<<63), int32(i)} //nolint:gosec // the bits, in order
		begins[i] = beginning(e.digests[i])
	}
	keys = sortKeys(keys)
	sign := 1
	if e.on[EqualTimes] {
		sign = -1
	}
	for from := 0; from < len(keys); {
		to := from + 1
		for to < len(keys) && keys[to].age == keys[from].age {
			to++
		}
		if to-from > 1 {
			slices.SortFunc(keys[from:to], func(a, b sortKey) int {
				if x, y := begins[a.entry], begins[b.entry]; x != y {
					return sign * cmp.Compare(x, y)
				}
				return sign * cmp.Compare(e.digests[a.entry], e.digests[b.entry])
			})
		}
		from = to
	}
	e.order = make([]int32, len(keys))
	for at, k := range keys {
		e.order[at] = k.entry
	}
}

// digitBits are of a key what one pass of sortKeys goes by.
const digitBits = 11

// sortKeys sorts by the bits in which keys differ, digit by digit from the
// lowest: the time that this takes grows as the number of keys does.
func sortKeys(keys []sortKey) []sortKey {
	var differ uint64
	for _, k := range keys {
		differ |= k.age ^ keys[0].age
	}
	other := make([]sortKey, len(keys))
	for shift := 0; differ>>shift != 0; shift += digitBits {
		if differ>>shift&(1<<digitBits-1) == 0 {
			continue
		}
		var next [1 << digitBits]int32
		for _, k := range keys {
			next[digit(k, shift)]++
		}
		var sum int32
		for d, n := range next {
			next[d], sum = sum, sum+n
		}
		for _, k := range keys {
			d := digit(k, shift)
			other[next[d]] = k
			next[d]++
		}
		keys, other = other, keys
	}
	return keys
}

func digit(k sortKey, shift int) uint64 { return k.age >> shift & (1<<digitBits - 1) }

// beginning is a number that sorts as the beginnings of the digests' sums do:
// read once from front to back, it spares looking at digests here and there.
func beginning(d ref.Digest) uint64 {
	const from, to = len("sha256:"), len("sha256:") + 8
	if len(d) < to {
		return 0
	}
	return binary.BigEndian.Uint64([]byte(d[from:to]))
}
