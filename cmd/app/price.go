package app

import (
	"regatta/model/cost"
)

// PriceOf is what storage costs at a host: as the config says, else as is
// published.
func (s *App) PriceOf(host string) cost.Price {
	if p := s.RegistryOf(host).Price; p.Currency != "" {
		return cost.Price{Standard: p.Standard, Archive: p.Archive, Currency: p.Currency, From: "the config"}
	}
	b, err := s.Open(host)
	if err != nil || b.Abilities().Price == nil {
		return cost.Price{}
	}
	return b.Abilities().Price()
}
