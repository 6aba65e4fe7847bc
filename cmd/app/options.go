package app

import (
	"regatta/model/fault"
	"regatta/model/plan"
)

// ReadOnly is an error of that kind where the host may not be changed.
func (s *App) ReadOnly(host string) error {
	var why string
	switch {
	case s.Flags.ReadOnly:
		why = "--read-only is given"
	case s.Config.ReadOnly:
		why = "the config says read-only"
	case s.RegistryOf(host).ReadOnly:
		why = "the config says read-only for " + s.RegistryOf(host).Name
	default:
		return nil
	}
	return &fault.Error{Op: "change", Object: host, Kind: fault.ReadOnly, Detail: why}
}

// Options are what plans are made with.
func (s *App) Options(host string) plan.Options {
	rules := plan.DefaultRules()
	if r := s.RegistryOf(host); r.Color == "red" {
		rules.ProdContext = r.Name
	}
	return plan.Options{Rules: rules, At: s.Now(), Price: s.PriceOf(host)}
}
