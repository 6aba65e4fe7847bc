package ecr

import (
	"slices"
	"strings"

	"regatta/registry/sandbox/internal/aws"
)

func (a *API) registryOperations() map[string]aws.Operation {
	return map[string]aws.Operation{
		"DescribeRegistry":                  aws.Op(a.describeRegistry),
		"GetRegistryPolicy":                 aws.Op(a.getRegistryPolicy),
		"PutRegistryPolicy":                 aws.Op(a.putRegistryPolicy),
		"DeleteRegistryPolicy":              aws.Op(a.deleteRegistryPolicy),
		"DescribePullThroughCacheRules":     aws.Op(a.describePullThroughCacheRules),
		"DescribeImageReplicationStatus":    aws.Op(a.describeImageReplicationStatus),
		"GetAuthorizationToken":             aws.Op(a.getAuthorizationToken),
		"ListPullTimeUpdateExclusions":      aws.Op(a.listPullTimeUpdateExclusions),
		"RegisterPullTimeUpdateExclusion":   aws.Op(a.registerPullTimeUpdateExclusion),
		"DeregisterPullTimeUpdateExclusion": aws.Op(a.deregisterPullTimeUpdateExclusion),
	}
}

type empty struct{}

type registryPolicy struct {
	RegistryID string `json:"registryId"`
	Text       string `json:"policyText"`
}

func (a *API) getRegistryPolicy(c *aws.Call, _ empty) (registryPolicy, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.policy == "" {
		return registryPolicy{}, aws.Errorf("RegistryPolicyNotFoundException",
			"Registry policy does not exist in the registry with id '%s'", c.Account)
	}
	return registryPolicy{c.Account, a.policy}, nil
}

func (a *API) putRegistryPolicy(c *aws.Call, in registryPolicy) (registryPolicy, error) {
	if err := checkPolicy(in.Text); err != nil {
		return registryPolicy{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.policy = in.Text
	return registryPolicy{c.Account, in.Text}, nil
}

func (a *API) deleteRegistryPolicy(c *aws.Call, in empty) (registryPolicy, error) {
	out, err := a.getRegistryPolicy(c, in)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.policy = ""
	return out, err
}

type exclusionsOut struct {
	Exclusions []string `json:"pullTimeUpdateExclusions"`
	NextToken  string   `json:"nextToken,omitempty"`
}

func (a *API) listPullTimeUpdateExclusions(_ *aws.Call, in aws.Paging) (exclusionsOut, error) {
	a.mu.Lock()
	all := append([]string{}, a.exclusions...)
	a.mu.Unlock()
	page, next, err := in.Page(all, 100, 1000)
	return exclusionsOut{page, next}, err
}

type exclusion struct {
	ARN       string   `json:"principalArn"`
	CreatedAt aws.Time `json:"createdAt,omitzero"`
}

func (a *API) registerPullTimeUpdateExclusion(c *aws.Call, in exclusion) (exclusion, error) {
	if !strings.HasPrefix(in.ARN, "arn:") {
		return exclusion{}, aws.Invalid("principalArn", "must be an IAM principal ARN")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	i, there := slices.BinarySearch(a.exclusions, in.ARN)
	switch {
	case there:
		return exclusion{}, aws.Errorf("ExclusionAlreadyExistsException",
			"A pull time update exclusion for '%s' already exists", in.ARN)
	case len(a.exclusions) == 100:
		return exclusion{}, aws.Errorf("LimitExceededException", "There are 100 pull time update exclusions already")
	}
	a.exclusions = slices.Insert(a.exclusions, i, in.ARN)
	return exclusion{in.ARN, aws.Time(c.Now)}, nil
}

func (a *API) deregisterPullTimeUpdateExclusion(_ *aws.Call, in exclusion) (exclusion, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	i, there := slices.BinarySearch(a.exclusions, in.ARN)
	if !there {
		return exclusion{}, aws.Errorf("ExclusionNotFoundException",
			"A pull time update exclusion for '%s' does not exist", in.ARN)
	}
	a.exclusions = slices.Delete(a.exclusions, i, i+1)
	return exclusion{ARN: in.ARN}, nil
}
