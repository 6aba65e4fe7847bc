package lifecycle

import (
	"hash/maphash"
	"math/bits"

	"regatta/model/ref"
)

// places tells where the image of a digest is. It is a hash table that holds
// numbers alone, so that a look-up of one image among many touches little
// memory.
type places struct {
	seed    maphash.Seed
	digests []ref.Digest
	slots   []slot
	shift   int
}

// slot is an entry, from 1, and the lower half of its digest's hash.
type slot struct {
	entry int32 // 0: empty
	hash  uint32
}

// newPlaces takes the last of digests that are the same.
func newPlaces(digests []ref.Digest) *places {
	size := bits.Len(uint(len(digests) + len(digests)/4))
	p := &places{seed: maphash.MakeSeed(), digests: digests, slots: make([]slot, 1<<size), shift: 64 - size}
	for i, d := range digests {
		hash := maphash.String(p.seed, string(d))
		p.slots[p.find(d, hash)] = slot{int32(i) + 1, low(hash)}
	}
	return p
}

// of sets the entries of digests, or nothing. The steps are taken for all of
// them one after the other: memory answers many questions at once as fast as one.
func (p *places) of(digests []ref.Digest, entries []int32) {
	var hashes [together]uint64
	for i, d := range digests {
		hashes[i] = maphash.String(p.seed, string(d))
	}
	for i := range digests {
		entries[i] = nothing
		if s := p.slots[hashes[i]>>p.shift]; s.hash == low(hashes[i]) {
			entries[i] = s.entry - 1
		}
	}
	for i, d := range digests {
		if at := entries[i]; at == nothing || p.digests[at] != d {
			entries[i] = p.slots[p.find(d, hashes[i])].entry - 1
		}
	}
}

// find is the slot that a digest is in, or the empty one where it would be.
func (p *places) find(d ref.Digest, hash uint64) uint64 {
	for at := hash >> p.shift; ; at = (at + 1) % uint64(len(p.slots)) {
		if s := p.slots[at]; s.entry == 0 || s.hash == low(hash) && p.digests[s.entry-1] == d {
			return at
		}
	}
}

func low(hash uint64) uint32 { return uint32(hash) } //nolint:gosec // half of it
