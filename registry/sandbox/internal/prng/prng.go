// Package prng draws the same numbers on every machine and Go version, from a
// name, and makes bytes that can be read from any offset. It may import std.
package prng

import (
	"encoding/binary"
	"encoding/hex"
)

const golden = 0x9e3779b97f4a7c15

// Mix scrambles a number (the finaliser of SplitMix64).
func Mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// Seed makes a number of a name (FNV-1a, scrambled).
func Seed(name string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	return Mix(h)
}

// Source is a sequence of numbers.
type Source struct{ state uint64 }

// New is the sequence that belongs to a name.
func New(name string) *Source { return &Source{state: Seed(name)} }

// Uint64 draws a number.
func (s *Source) Uint64() uint64 {
	s.state += golden
	return Mix(s.state)
}

// IntN draws from 0 to n-1.
func (s *Source) IntN(n int) int {
	return int((s.Uint64() >> 1) % uint64(n)) //nolint:gosec // n is positive and the result smaller
}

// Between draws from low to high, both included.
func (s *Source) Between(low, high int) int { return low + s.IntN(high-low+1) }

// Chance is true so many times in a thousand.
func (s *Source) Chance(perMille int) bool { return s.IntN(1000) < perMille }

// Hex draws n hexadecimal digits.
func (s *Source) Hex(n int) string { return hex.EncodeToString(s.Bytes(n/2 + 1))[:n] }

// Bytes draws n bytes.
func (s *Source) Bytes(n int) []byte {
	b := make([]byte, n)
	Fill(b, s.Uint64(), 0)
	return b
}

// Pick draws one of all.
func Pick[T any](s *Source, all []T) T { return all[s.IntN(len(all))] }

// Fill writes the bytes of a seed from an offset on: word i of the stream is
// a function of the seed and i alone.
func Fill(dst []byte, seed uint64, offset int64) {
	word := uint64(offset) / 8 //nolint:gosec // offsets are not negative
	if skip := int(offset % 8); skip > 0 {
		var whole [8]byte
		binary.LittleEndian.PutUint64(whole[:], Mix(seed+word*golden))
		n := copy(dst, whole[skip:])
		dst = dst[n:]
		word++
	}
	state := seed + word*golden
	for len(dst) >= 8 {
		binary.LittleEndian.PutUint64(dst, Mix(state))
		state += golden
		dst = dst[8:]
	}
	if len(dst) > 0 {
		var whole [8]byte
		binary.LittleEndian.PutUint64(whole[:], Mix(state))
		copy(dst, whole[:])
	}
}
