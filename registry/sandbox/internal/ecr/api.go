// Package ecr is the ECR API of the sandbox's account, a face on the same store
// as its registry (Amazon ECR API reference). It may import std and the
// sandbox's internals.
package ecr

import (
	"encoding/json"
	"maps"
	"sync"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// API serves the operations. It is safe for concurrent use.
type API struct {
	estate

	store    *store.Store
	evaluate Evaluator
	tokens   passwords

	mu         sync.Mutex
	scans      map[scanKey]scan
	previews   map[*store.Repository]*preview
	policy     string   // of the registry
	exclusions []string // ARNs whose pulls count for nothing, in lexical order
}

// New is the API over a store. Without an evaluator it applies lifecycle
// policies itself.
func New(s *store.Store, evaluate Evaluator) *API {
	if evaluate == nil {
		evaluate = apply
	}
	return &API{
		store: s, evaluate: evaluate,
		scans: map[scanKey]scan{}, previews: map[*store.Repository]*preview{},
	}
}

// Service lists the operations for the wire.
func (a *API) Service() aws.Service {
	operations := map[string]aws.Operation{}
	for _, group := range []map[string]aws.Operation{
		a.repositoryOperations(), a.imageOperations(), a.policyOperations(), a.registryOperations(),
		a.layerOperations(), a.scanOperations(), a.previewOperations(),
	} {
		maps.Copy(operations, group)
	}
	return aws.Service{
		Name: "ecr", Target: "AmazonEC2ContainerRegistry_V20150921", Operations: operations, Resource: resource,
		Permissions: map[string]string{"ListImageReferrers": "BatchGetImage"}, // service authorization reference
	}
}

// resource is the ARN of the repository that a request names.
func resource(c *aws.Call, body []byte) string {
	var in named
	if json.Unmarshal(body, &in) != nil || in.RepositoryName == "" {
		return "*"
	}
	return c.ARN("ecr", "repository/"+in.RepositoryName)
}

// named is what most requests have in common.
type named struct {
	RepositoryName string `json:"repositoryName"`
	RegistryID     string `json:"registryId"`
}

const namePattern = `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*`

func checkName(name string) error {
	switch {
	case len(name) < 2:
		return aws.Invalid("repositoryName", "Member must have length greater than or equal to 2")
	case len(name) > 256:
		return aws.Invalid("repositoryName", "Member must have length less than or equal to 256")
	case !oci.IsName(name):
		return aws.Invalid("repositoryName", "must satisfy regular expression '%s'", namePattern)
	}
	return nil
}

// check finds fault with the name, or with a registry that is not this one.
func (n named) check(c *aws.Call) error {
	if err := checkName(n.RepositoryName); err != nil {
		return err
	}
	if n.RegistryID != "" && n.RegistryID != c.Account {
		return noRepository(n.RepositoryName, n.RegistryID)
	}
	return nil
}

func noRepository(name, registry string) error {
	return aws.Errorf("RepositoryNotFoundException",
		"The repository with name '%s' does not exist in the registry with id '%s'", name, registry)
}

// repository finds a repository with its content.
func (a *API) repository(c *aws.Call, in named) (*store.Repository, error) {
	if _, err := a.planted(c, in); err != nil {
		return nil, err
	}
	repo, ok := a.store.Repository(in.RepositoryName)
	if !ok {
		return nil, noRepository(in.RepositoryName, c.Account)
	}
	return repo, nil
}

// planted finds a repository for what needs no content.
func (a *API) planted(c *aws.Call, in named) (*store.Repository, error) {
	if err := in.check(c); err != nil {
		return nil, err
	}
	repo, ok := a.store.Planted(in.RepositoryName)
	if !ok {
		return nil, noRepository(in.RepositoryName, c.Account)
	}
	return repo, nil
}
