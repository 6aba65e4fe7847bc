package ecr

import (
	"regexp"
	"slices"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/store"
)

// mutability is the part of a repository that says which tags may be moved.
type mutability struct {
	Mutability store.Mutability  `json:"imageTagMutability"`
	Exclusions []exclusionFilter `json:"imageTagMutabilityExclusionFilters,omitempty"`
}

type exclusionFilter struct {
	Filter string `json:"filter"`
	Type   string `json:"filterType"`
}

func mutabilityOf(s store.Settings) mutability {
	m := mutability{Mutability: s.Mutability}
	if m.Mutability == "" {
		m.Mutability = store.Mutable
	}
	for _, filter := range s.Exclusions {
		m.Exclusions = append(m.Exclusions, exclusionFilter{filter, "WILDCARD"})
	}
	return m
}

// checkMutability returns the filters alone (API reference,
// ImageTagMutabilityExclusionFilter).
func checkMutability(kind store.Mutability, filters []exclusionFilter) ([]string, error) {
	kinds := []store.Mutability{
		store.Mutable, store.Immutable, store.MutableWithExclusion, store.ImmutableWithExclusion,
	}
	if !slices.Contains(kinds, kind) {
		return nil, aws.Invalid("imageTagMutability", "Member must satisfy enum value set: "+
			"[IMMUTABLE, MUTABLE, IMMUTABLE_WITH_EXCLUSION, MUTABLE_WITH_EXCLUSION]")
	}
	const parameter = "imageTagMutabilityExclusionFilters"
	excludes := kind == store.MutableWithExclusion || kind == store.ImmutableWithExclusion
	switch {
	case excludes && len(filters) == 0:
		return nil, aws.Invalid(parameter, "Member must have length greater than or equal to 1")
	case len(filters) > 5:
		return nil, aws.Invalid(parameter, "Member must have length less than or equal to 5")
	case !excludes && len(filters) > 0:
		return nil, aws.Invalid(parameter, "Filters are only allowed with an exclusion")
	}
	pattern := regexp.MustCompile(`^[0-9a-zA-Z._*-]{1,128}$`)
	var all []string
	for _, f := range filters {
		if f.Type != "WILDCARD" || !pattern.MatchString(f.Filter) {
			return nil, aws.Invalid(parameter, "must satisfy regular expression '%s'", pattern)
		}
		all = append(all, f.Filter)
	}
	return all, nil
}

type putImageTagMutabilityIn struct {
	named
	mutability
}

type putImageTagMutabilityOut struct {
	mutability

	RegistryID     string `json:"registryId"`
	RepositoryName string `json:"repositoryName"`
}

func (a *API) putImageTagMutability(c *aws.Call, in putImageTagMutabilityIn) (putImageTagMutabilityOut, error) {
	repo, err := a.planted(c, in.named)
	if err != nil {
		return putImageTagMutabilityOut{}, err
	}
	filters, err := checkMutability(in.Mutability, in.Exclusions)
	if err != nil {
		return putImageTagMutabilityOut{}, err
	}
	repo.Configure(func(s *store.Settings) { s.Mutability, s.Exclusions = in.Mutability, filters })
	return putImageTagMutabilityOut{mutabilityOf(repo.Settings()), c.Account, repo.Name}, nil
}
