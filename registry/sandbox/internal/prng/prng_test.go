package prng_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"regatta/registry/sandbox/internal/prng"
)

func TestFillFromAnyOffset(t *testing.T) {
	t.Parallel()
	whole := make([]byte, 1000)
	prng.Fill(whole, 7, 0)
	rapid.Check(t, func(t *rapid.T) {
		offset := rapid.IntRange(0, 999).Draw(t, "offset")
		part := make([]byte, rapid.IntRange(0, 1000-offset).Draw(t, "length"))
		prng.Fill(part, 7, int64(offset))
		if !bytes.Equal(part, whole[offset:offset+len(part)]) {
			t.Errorf("%d bytes from %d differ", len(part), offset)
		}
	})
}

// The numbers are part of every digest of the seed and must never change.
func TestNumbersAreFixed(t *testing.T) {
	t.Parallel()
	src := prng.New("fixed")
	if got := src.Hex(16); got != "c9e14eef2652cef3" {
		t.Errorf("got %s", got)
	}
}
