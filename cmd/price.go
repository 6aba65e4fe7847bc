package cmd

import (
	"regatta/model/cost"
	"regatta/model/image"
)

// priced is a registry of which it is published what its storage costs.
type priced interface{ Price() cost.Price }

// priceOf is what storage costs at a host: as the config says, else as is
// published.
func (s *session) priceOf(host string) cost.Price {
	if p := s.registryOf(host).Price; p.Currency != "" {
		return cost.Price{Standard: p.Standard, Archive: p.Archive, Currency: p.Currency, From: "the config"}
	}
	b, err := s.open(host)
	if p, ok := b.(priced); ok && err == nil {
		return p.Price()
	}
	return cost.Price{}
}

// saves continues a sentence about bytes that come back.
func saves(m cost.Money, known bool) string {
	if !known {
		return ""
	}
	return ", which saves " + m.String() + " a month"
}

// monthOf is what repositories cost together, and how many of them that is. It
// reports false if nothing is known of any.
func monthOf(p cost.Price, all []image.Repository) (sum cost.Money, n int) {
	for _, r := range all {
		if m, ok := p.Month(r.Stored); ok {
			sum = sum.Plus(m)
			n++
		}
	}
	return sum, n
}

// moneyOrNull is an amount for JSON, null where it is not known.
func moneyOrNull(m cost.Money, known bool) *cost.Money {
	if !known {
		return nil
	}
	return &m
}
