package repos

import (
	"regatta/model/cost"
	"regatta/model/image"
	"regatta/model/text"
)

// month is what the repositories that are known of cost together.
func (s *Screen) month() string {
	var sum cost.Money
	n := 0
	for _, r := range s.set.Snapshot() {
		if r == nil {
			continue // it is gone
		}
		if m, ok := s.wire.Registry.Price.Month(r.Stored); ok {
			sum = sum.Plus(m)
			n++
		}
	}
	switch n {
	case 0:
		return ""
	case s.set.Len():
		return " · " + sum.String() + " a month"
	}
	return " · " + sum.String() + " a month for " + text.Count(n) + " of them"
}

// stored is what a repository holds, by class of storage.
func stored(s image.Stored) string {
	out := text.Bytes(s.Standard)
	if s.Archived > 0 {
		out += " + " + text.Bytes(s.Archived) + " archived"
	}
	if s.AtMost {
		out = "≤ " + out
	}
	return out
}
