package cmd

import (
	"regatta/model/fault"
	"regatta/model/plan"
)

// readOnly is an error of that kind where the host may not be changed.
func (s *session) readOnly(host string) error {
	var why string
	switch {
	case s.flags.readOnly:
		why = "--read-only is given"
	case s.config.ReadOnly:
		why = "the config says read-only"
	case s.registryOf(host).ReadOnly:
		why = "the config says read-only for " + s.registryOf(host).Name
	default:
		return nil
	}
	return &fault.Error{Op: "change", Object: host, Kind: fault.ReadOnly, Detail: why}
}

// options are what plans are made with.
func (s *session) options(host string) plan.Options {
	rules := plan.DefaultRules()
	if r := s.registryOf(host); r.Color == "red" {
		rules.ProdContext = r.Name
	}
	return plan.Options{Rules: rules, At: s.now(), Price: s.priceOf(host)}
}
