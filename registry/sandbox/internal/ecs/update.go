package ecs

import (
	"regatta/registry/sandbox/internal/aws"
)

type updateServiceIn struct {
	Cluster    string `json:"cluster"`
	Service    string `json:"service"`
	Desired    *int   `json:"desiredCount"`
	Definition string `json:"taskDefinition"`
	Force      bool   `json:"forceNewDeployment"`
}

type updateServiceOut struct {
	Service serviceOut `json:"service"`
}

// updateService starts a deployment if it is forced or the task definition is
// another one. That resolves the tag anew (API reference, UpdateService).
func (f *Fleet) updateService(c *aws.Call, in updateServiceIn) (updateServiceOut, error) {
	s, err := f.find(in.Cluster, in.Service)
	if err != nil {
		return updateServiceOut{}, err
	}
	if !s.ours() && (in.Force || in.Definition != "") {
		return updateServiceOut{}, aws.Errorf("InvalidParameterException",
			"Cannot force a new deployment on services with a %s deployment controller.", s.controller)
	}
	next, err := f.next(c, s, in)
	if err != nil {
		return updateServiceOut{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if in.Desired != nil {
		s.desired = max(*in.Desired, 0)
	}
	if current := s.deployments[len(s.deployments)-1]; in.Force || current.revision != next.revision {
		next.number, next.takes = current.number+1, f.settles
		s.deployments = append(s.deployments, next)
	}
	return updateServiceOut{s.describe(c)}, nil
}

// next is the deployment that an update asks for.
func (f *Fleet) next(c *aws.Call, s *service, in updateServiceIn) (deployment, error) {
	f.mu.Lock()
	d := s.deployments[len(s.deployments)-1]
	f.mu.Unlock()
	if in.Definition != "" {
		fam, r, err := f.definition(in.Definition)
		if err != nil || fam.name != s.family {
			return d, aws.Errorf("ClientException", "TaskDefinition not found.")
		}
		d.revision, d.image = r.number, r.image
	}
	d.started, d.digest, d.pinned, d.fate = c.Now, f.resolve(d.image), true, s.fate
	return d, nil
}
