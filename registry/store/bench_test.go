package store

import (
	"path/filepath"
	"testing"

	"regatta/model/ref"
)

func BenchmarkStore(b *testing.B) {
	const n = 2000
	digests, raws := make([]ref.Digest, n), make([][]byte, n)
	for i := range n {
		digests[i], raws[i] = blob(i, 3000)
	}
	b.Run("put 2000", func(b *testing.B) {
		for b.Loop() {
			s := Open(Options{Path: filepath.Join(b.TempDir(), "cache.db"), Now: newTicker().now})
			for i, d := range digests {
				s.PutContent(d, "m", raws[i])
			}
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("get 2000", func(b *testing.B) {
		s := Open(Options{Path: filepath.Join(b.TempDir(), "cache.db"), Now: newTicker().now})
		defer func() { _ = s.Close() }()
		for i, d := range digests {
			s.PutContent(d, "m", raws[i])
		}
		if err := s.Flush(b.Context()); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			forget(s)
			for _, d := range digests {
				if _, _, ok := s.Content(b.Context(), d); !ok {
					b.Fatal("a miss")
				}
			}
		}
	})
}
