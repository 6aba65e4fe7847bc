package lifecycle

import (
	"strconv"
	"testing"

	"regatta/model/ref"
)

// Whatever the hashes are, a digest is found where it is, the last of those that
// are the same, and no other is.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 3, 7, 31, 32, 33, 1000} {
		digests := make([]ref.Digest, 0, n+1)
		for i := range n {
			digests = append(digests, ref.DigestOf([]byte(strconv.Itoa(i))))
		}
		if n > 2 {
			digests = append(digests, digests[1])
		}
		p := newPlaces(digests)
		for i, d := range digests {
			want := int32(i)
			if n > 2 && i == 1 {
				want = int32(n)
			}
			var found [2]int32
			if p.of([]ref.Digest{d, d + "0"}, found[:]); found != [2]int32{want, nothing} {
				t.Fatalf("of %d: %d is at %v", n, i, found)
			}
		}
	}
}
