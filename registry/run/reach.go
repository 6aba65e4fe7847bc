package run

import (
	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/registry/local"
)

// ends are what the steps of a plan move content between.
type ends struct {
	reg     Registry
	sources map[string]Registry // by host, beside reg
	local   local.Place         // nil where the plan has none
	// deployer is nil where the plan deploys nothing.
	deployer Deployer
}

// reach opens everything that the steps of p need, before the first begins.
func (r *Runner) reach(p plan.Plan) (ends, error) {
	out := ends{sources: map[string]Registry{}}
	var err error
	if out.reg, err = r.o.Open(p.Registry); err != nil {
		return out, err
	}
	for _, s := range p.Steps {
		host := s.From.Host
		if host == "" || host == p.Registry || out.sources[host] != nil {
			continue
		}
		if out.sources[host], err = r.o.Open(host); err != nil {
			return out, err
		}
	}
	if err := r.reachServices(p, &out); err != nil || p.Local == "" {
		return out, err
	}
	if r.o.Local == nil {
		return out, &fault.Error{Op: "open", Object: p.Local, Kind: fault.Unsupported}
	}
	out.local, err = r.o.Local(p.Local)
	return out, err
}

// reachServices finds who deploys, if the plan does.
func (r *Runner) reachServices(p plan.Plan, out *ends) error {
	if len(p.Deploys()) == 0 {
		return nil
	}
	if r.o.Deployer != nil {
		out.deployer = r.o.Deployer(p.Registry)
	}
	if out.deployer == nil {
		return &fault.Error{
			Op: "deploy", Object: p.Registry, Kind: fault.Unsupported, Detail: "nothing that deploys its images is known",
		}
	}
	return nil
}

// source is the registry that a step takes its blob from.
func (e ends) source(host string) Registry {
	if s := e.sources[host]; s != nil {
		return s
	}
	return e.reg
}
