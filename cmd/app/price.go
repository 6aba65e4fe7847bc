package app

import (
	"regatta/model/cost"
)

// priced is a registry of which it is published what its storage costs.
type priced interface{ Price() cost.Price }

// PriceOf is what storage costs at a host: as the config says, else as is
// published.
func (s *App) PriceOf(host string) cost.Price {
	if p := s.RegistryOf(host).Price; p.Currency != "" {
		return cost.Price{Standard: p.Standard, Archive: p.Archive, Currency: p.Currency, From: "the config"}
	}
	b, err := s.Open(host)
	if p, ok := b.(priced); ok && err == nil {
		return p.Price()
	}
	return cost.Price{}
}
