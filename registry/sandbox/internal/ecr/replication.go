package ecr

import (
	"strings"

	"regatta/registry/sandbox/internal/aws"
)

// replicationRule copies repositories to another region (API reference,
// ReplicationRule).
type replicationRule struct {
	Destinations []destination      `json:"destinations"`
	Filters      []repositoryFilter `json:"repositoryFilters"`
}

type destination struct {
	Region     string `json:"region"`
	RegistryID string `json:"registryId"`
}

type repositoryFilter struct {
	Filter string `json:"filter"`
	Type   string `json:"filterType"`
}

type describeRegistryOut struct {
	RegistryID    string `json:"registryId"`
	Configuration struct {
		Rules []replicationRule `json:"rules"`
	} `json:"replicationConfiguration"`
}

func (a *API) describeRegistry(c *aws.Call, _ empty) (describeRegistryOut, error) {
	out := describeRegistryOut{RegistryID: c.Account}
	out.Configuration.Rules = a.rules(c.Account)
	return out, nil
}

// rules are what was seeded: nothing changes them.
func (a *API) rules(account string) []replicationRule {
	rules := []replicationRule{}
	for _, r := range a.replicas {
		rules = append(rules, replicationRule{
			[]destination{{r.region, account}}, []repositoryFilter{{r.prefix, "PREFIX_MATCH"}},
		})
	}
	return rules
}

// replica is a region that gets repositories with a prefix.
type replica struct {
	prefix string
	region string
}

type oneImageIn struct {
	named

	ID imageID `json:"imageId"`
}

type replicationStatus struct {
	Region     string `json:"region"`
	RegistryID string `json:"registryId"`
	Status     string `json:"status"`
}

type replicationStatusOut struct {
	RepositoryName string              `json:"repositoryName"`
	ID             imageID             `json:"imageId"`
	Statuses       []replicationStatus `json:"replicationStatuses"`
}

func (a *API) describeImageReplicationStatus(c *aws.Call, in oneImageIn) (replicationStatusOut, error) {
	out := replicationStatusOut{RepositoryName: in.RepositoryName, ID: in.ID, Statuses: []replicationStatus{}}
	repo, err := a.repository(c, in.named)
	if err != nil {
		return out, err
	}
	m, err := find1(c, repo, in.ID)
	if err != nil {
		return out, err
	}
	out.ID.Digest = m.Digest
	for _, r := range a.replicas {
		if strings.HasPrefix(repo.Name, r.prefix) {
			out.Statuses = append(out.Statuses, replicationStatus{r.region, c.Account, "COMPLETE"})
		}
	}
	return out, nil
}
