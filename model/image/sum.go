package image

import (
	"math"

	"regatta/model/ref"
)

// Sum adds up the bytes of configs and layers, each distinct blob counted once,
// of one manifest or of many. Sizes are what manifests claim: a sum that no
// number holds stays at the largest.
type Sum struct {
	bytes int64
	seen  map[ref.Digest]bool
}

// Add takes in the config and the layers of m.
func (s *Sum) Add(m Manifest) {
	if s.seen == nil {
		s.seen = make(map[ref.Digest]bool, len(m.Layers)+1)
	}
	s.blob(m.Config)
	for _, d := range m.Layers {
		s.blob(d)
	}
}

func (s *Sum) blob(d Descriptor) {
	if d.Digest != "" && s.seen[d.Digest] {
		return
	}
	s.seen[d.Digest] = true
	s.bytes += min(d.Size, math.MaxInt64-s.bytes)
}

// Bytes is the sum so far.
func (s *Sum) Bytes() int64 { return s.bytes }
