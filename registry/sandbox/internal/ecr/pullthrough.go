package ecr

import (
	"slices"

	"regatta/registry/sandbox/internal/aws"
)

// pullThroughRule caches another registry under a prefix (API reference,
// PullThroughCacheRule).
type pullThroughRule struct {
	Prefix     string   `json:"ecrRepositoryPrefix"`
	Registry   string   `json:"upstreamRegistry"`
	URL        string   `json:"upstreamRegistryUrl"`
	CreatedAt  aws.Time `json:"createdAt"`
	RegistryID string   `json:"registryId"`
}

type pullThroughIn struct {
	aws.Paging

	Prefixes []string `json:"ecrRepositoryPrefixes"`
}

type pullThroughOut struct {
	Rules     []pullThroughRule `json:"pullThroughCacheRules"`
	NextToken string            `json:"nextToken,omitempty"`
}

func (a *API) describePullThroughCacheRules(c *aws.Call, in pullThroughIn) (pullThroughOut, error) {
	out := pullThroughOut{Rules: []pullThroughRule{}}
	byPrefix := map[string]pullThroughRule{}
	var names []string
	for _, rule := range a.pullThrough {
		rule.RegistryID = c.Account
		byPrefix[rule.Prefix] = rule
		names = append(names, rule.Prefix)
	}
	for _, prefix := range in.Prefixes {
		if !slices.Contains(names, prefix) {
			return out, aws.Errorf("PullThroughCacheRuleNotFoundException",
				"The pull through cache rule with prefix '%s' does not exist in the registry with id '%s'", prefix, c.Account)
		}
	}
	if len(in.Prefixes) > 0 {
		names = in.Prefixes
	}
	page, next, err := in.Page(names, 100, 1000)
	for _, prefix := range page {
		out.Rules = append(out.Rules, byPrefix[prefix])
	}
	out.NextToken = next
	return out, err
}
