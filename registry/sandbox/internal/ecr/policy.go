package ecr

import (
	"encoding/json"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/store"
)

func (a *API) policyOperations() map[string]aws.Operation {
	return map[string]aws.Operation{
		"GetRepositoryPolicy":    aws.Op(a.getRepositoryPolicy),
		"SetRepositoryPolicy":    aws.Op(a.setRepositoryPolicy),
		"DeleteRepositoryPolicy": aws.Op(a.deleteRepositoryPolicy),
		"GetLifecyclePolicy":     aws.Op(a.getLifecyclePolicy),
		"PutLifecyclePolicy":     aws.Op(a.putLifecyclePolicy),
		"DeleteLifecyclePolicy":  aws.Op(a.deleteLifecyclePolicy),
	}
}

// maxPolicy is the size limit of a permissions policy in characters (API
// reference, SetRepositoryPolicy).
const maxPolicy = 10240

// checkPolicy finds fault with a permissions policy.
func checkPolicy(text string) error {
	var policy struct {
		Statement json.RawMessage
	}
	switch {
	case len(text) > maxPolicy:
		return aws.Invalid("policyText", "Member must have length less than or equal to %d", maxPolicy)
	case json.Unmarshal([]byte(text), &policy) != nil || policy.Statement == nil:
		return aws.Invalid("PolicyText", "Invalid repository policy provided")
	}
	return nil
}

type policyIn struct {
	named

	Text string `json:"policyText"`
}

type policyOut struct {
	RegistryID     string `json:"registryId"`
	RepositoryName string `json:"repositoryName"`
	Text           string `json:"policyText"`
}

func (a *API) getRepositoryPolicy(c *aws.Call, in named) (policyOut, error) {
	repo, err := a.planted(c, in)
	if err != nil {
		return policyOut{}, err
	}
	out := policyOut{c.Account, repo.Name, repo.Settings().Policy}
	if out.Text == "" {
		return out, aws.Errorf("RepositoryPolicyNotFoundException", "Repository policy does not exist for the "+
			"repository with name '%s' in the registry with id '%s'", repo.Name, c.Account)
	}
	return out, nil
}

func (a *API) setRepositoryPolicy(c *aws.Call, in policyIn) (policyOut, error) {
	repo, err := a.planted(c, in.named)
	if err == nil {
		err = checkPolicy(in.Text)
	}
	if err != nil {
		return policyOut{}, err
	}
	repo.Configure(func(s *store.Settings) { s.Policy = in.Text })
	return policyOut{c.Account, repo.Name, in.Text}, nil
}

func (a *API) deleteRepositoryPolicy(c *aws.Call, in named) (policyOut, error) {
	out, err := a.getRepositoryPolicy(c, in)
	if err != nil {
		return out, err
	}
	repo, err := a.planted(c, in)
	if err != nil {
		return out, err
	}
	repo.Configure(func(s *store.Settings) { s.Policy = "" })
	return out, nil
}
