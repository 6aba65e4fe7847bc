package config

import (
	"fmt"

	"go.yaml.in/yaml/v4"

	"regatta/model/cost"
)

// Price is what storage costs per GB and month. The zero Price leaves it to the
// backend.
type Price struct {
	Standard float64 `yaml:"standard"`
	Archive  float64 `yaml:"archive"`
	Currency string  `yaml:"currency"`
}

func (d *decoder) price(n *yaml.Node, p *Price) {
	const most = 10_000
	read := Price{Standard: -1, Archive: -1, Currency: "USD"}
	before := len(d.problems)
	d.fields(n, "the price of storage", map[string]func(*yaml.Node){
		"standard": func(n *yaml.Node) { d.number(n, &read.Standard, 0, most) },
		"archive":  func(n *yaml.Node) { d.number(n, &read.Archive, 0, most) },
		"currency": func(n *yaml.Node) { d.checked(n, &read.Currency, checkCurrency) },
	})
	switch {
	case len(d.problems) > before || isNull(n):
		return
	case read.Standard < 0:
		d.fail(n, "the price of standard storage is missing")
		return
	case read.Archive < 0:
		read.Archive = read.Standard
	}
	*p = read
}

func checkCurrency(s string) error {
	if !cost.Currency(s) {
		return fmt.Errorf("%q is no code of a currency such as EUR", shown(s))
	}
	return nil
}
