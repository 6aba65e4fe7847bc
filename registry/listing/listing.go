// Package listing notices that the pages of a list bring nothing new: a list may
// repeat the same names under ever new addresses, and never end. It imports the
// standard library.
package listing

import (
	"hash/maphash"
	"math/rand/v2"
	"slices"
	"sync"
)

// MaxStale are pages in a row that name nothing new, after which a list is given up.
// One is what a registry gives that begins a page with the last name of the one before,
// where a page has one name.
const MaxStale = 2

// maxReadings are lists under way whose names are remembered, some 6 MB for the
// longest. Where more are read at the same time, what is known of the oldest is
// forgotten, and gathered anew.
const maxReadings = 16

// Reading is one reading of a list.
type Reading struct {
	ID   uint64 // drawn for its first page
	List string // which list it is
}

// NewID draws the ID of a reading, which is never zero.
func NewID() uint64 { return rand.Uint64() | 1 } //nolint:gosec // it tells readings apart, and guards nothing

// Names remembers, of the lists that are being read, on which page each name came
// first. It is safe for concurrent use.
type Names struct {
	mu    sync.Mutex
	seed  maphash.Seed
	known map[Reading]map[uint64]int
	order []Reading // the oldest first
}

// NewNames returns a memory that has seen nothing.
func NewNames() *Names {
	return &Names{seed: maphash.MakeSeed(), known: map[Reading]map[uint64]int{}}
}

// Fresh reports whether a page of a list has a name that was on none before it. To
// read a page twice changes nothing.
func (n *Names) Fresh(of Reading, page int, names []string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	seen := n.of(of)
	fresh := false
	for _, name := range names {
		sum := maphash.String(n.seed, name)
		first, ok := seen[sum]
		if !ok {
			first, seen[sum] = page, page
		}
		fresh = fresh || first >= page
	}
	return fresh
}

// of is what is remembered of a reading; the caller holds the lock.
func (n *Names) of(of Reading) map[uint64]int {
	if seen, ok := n.known[of]; ok {
		return seen
	}
	if len(n.order) == maxReadings {
		delete(n.known, n.order[0])
		n.order = slices.Delete(n.order, 0, 1)
	}
	n.known[of] = map[uint64]int{}
	n.order = append(n.order, of)
	return n.known[of]
}

// End forgets a reading that came to its end.
func (n *Names) End(of Reading) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, ok := n.known[of]; ok {
		delete(n.known, of)
		n.order = slices.DeleteFunc(n.order, func(other Reading) bool { return other == of })
	}
}
