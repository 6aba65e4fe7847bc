package ecr

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/store"
)

// The limits of a lifecycle policy in characters (API reference,
// PutLifecyclePolicy).
const (
	minLifecycle = 100
	maxLifecycle = 30720
)

type lifecycleIn struct {
	named

	Text string `json:"lifecyclePolicyText"`
}

type lifecycleOut struct {
	RegistryID     string   `json:"registryId"`
	RepositoryName string   `json:"repositoryName"`
	Text           string   `json:"lifecyclePolicyText"`
	EvaluatedAt    aws.Time `json:"lastEvaluatedAt,omitzero"`
}

func (a *API) getLifecyclePolicy(c *aws.Call, in named) (lifecycleOut, error) {
	repo, err := a.planted(c, in)
	if err != nil {
		return lifecycleOut{}, err
	}
	settings := repo.Settings()
	if settings.Lifecycle == "" {
		return lifecycleOut{}, noLifecycle(c, repo)
	}
	return lifecycleOut{c.Account, repo.Name, settings.Lifecycle, aws.Time(settings.EvaluatedAt)}, nil
}

func noLifecycle(c *aws.Call, repo *store.Repository) error {
	return aws.Errorf("LifecyclePolicyNotFoundException", "Lifecycle policy does not exist for the repository "+
		"with name '%s' in the registry with id '%s'", repo.Name, c.Account)
}

func (a *API) putLifecyclePolicy(c *aws.Call, in lifecycleIn) (lifecycleOut, error) {
	repo, err := a.planted(c, in.named)
	if err == nil {
		err = a.checkLifecycle(c, in.Text)
	}
	if err != nil {
		return lifecycleOut{}, err
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(in.Text)); err != nil {
		return lifecycleOut{}, unreadable()
	}
	repo.Configure(func(s *store.Settings) { s.Lifecycle = compact.String() })
	return lifecycleOut{RegistryID: c.Account, RepositoryName: repo.Name, Text: compact.String()}, nil
}

// checkLifecycle finds fault with a policy: its size, its syntax, and whatever
// the evaluator says of it.
func (a *API) checkLifecycle(c *aws.Call, text string) error {
	switch n := utf8.RuneCountInString(text); {
	case n < minLifecycle:
		return aws.Invalid("LifecyclePolicyText", "Member must have length greater than or equal to %d", minLifecycle)
	case n > maxLifecycle:
		return aws.Invalid("LifecyclePolicyText", "Member must have length less than or equal to %d", maxLifecycle)
	}
	var policy struct {
		Rules []json.RawMessage `json:"rules"`
	}
	if json.Unmarshal([]byte(text), &policy) != nil {
		return unreadable()
	}
	if _, err := a.evaluate(text, nil, c.Now); err != nil {
		return aws.Invalid("LifecyclePolicyText", "Lifecycle policy validation failure: %s", err)
	}
	return nil
}

func unreadable() error {
	return aws.Invalid("LifecyclePolicyText",
		"Lifecycle policy validation failure: Could not map policyString into LifecyclePolicy.")
}

func (a *API) deleteLifecyclePolicy(c *aws.Call, in named) (lifecycleOut, error) {
	out, err := a.getLifecyclePolicy(c, in)
	if err != nil {
		return out, err
	}
	repo, err := a.planted(c, in)
	if err != nil {
		return out, err
	}
	repo.Configure(func(s *store.Settings) { s.Lifecycle = "" })
	return out, nil
}
