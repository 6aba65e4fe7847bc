package cmd

import (
	"regatta/model/cost"
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
