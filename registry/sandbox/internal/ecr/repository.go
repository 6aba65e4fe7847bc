package ecr

import (
	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/store"
)

func (a *API) repositoryOperations() map[string]aws.Operation {
	return map[string]aws.Operation{
		"DescribeRepositories":  aws.Op(a.describeRepositories),
		"CreateRepository":      aws.Op(a.createRepository),
		"DeleteRepository":      aws.Op(a.deleteRepository),
		"PutImageTagMutability": aws.Op(a.putImageTagMutability),
	}
}

// repository is a repository on the wire (API reference, Repository).
type repository struct {
	mutability

	ARN        string     `json:"repositoryArn"`
	RegistryID string     `json:"registryId"`
	Name       string     `json:"repositoryName"`
	URI        string     `json:"repositoryUri"`
	CreatedAt  aws.Time   `json:"createdAt,omitzero"`
	Scanning   scanning   `json:"imageScanningConfiguration"`
	Encryption encryption `json:"encryptionConfiguration"`
}

type scanning struct {
	ScanOnPush bool `json:"scanOnPush"`
}

type encryption struct {
	Type string `json:"encryptionType"`
}

func describe(c *aws.Call, repo *store.Repository) repository {
	settings := repo.Settings()
	return repository{
		ARN: c.ARN("ecr", "repository/"+repo.Name), RegistryID: c.Account, Name: repo.Name,
		URI: c.Registry() + "/" + repo.Name, CreatedAt: aws.Time(repo.CreatedAt()),
		Scanning: scanning{settings.ScanOnPush}, Encryption: encryption{"AES256"},
		mutability: mutabilityOf(settings),
	}
}

type describeRepositoriesIn struct {
	aws.Paging

	RegistryID string   `json:"registryId"`
	Names      []string `json:"repositoryNames"`
}

type describeRepositoriesOut struct {
	Repositories []repository `json:"repositories"`
	NextToken    string       `json:"nextToken,omitempty"`
}

// describeRepositories fills no repository.
func (a *API) describeRepositories(c *aws.Call, in describeRepositoriesIn) (describeRepositoriesOut, error) {
	out := describeRepositoriesOut{Repositories: []repository{}}
	names := in.Names
	var err error
	if len(names) > 0 {
		err = checkNames(in)
	} else {
		names, out.NextToken, err = in.Page(a.store.Names(), 100, 1000)
	}
	if err != nil {
		return out, err
	}
	for _, name := range names {
		repo, err := a.planted(c, named{RepositoryName: name, RegistryID: in.RegistryID})
		if err != nil {
			return out, err
		}
		out.Repositories = append(out.Repositories, describe(c, repo))
	}
	return out, nil
}

func checkNames(in describeRepositoriesIn) error {
	switch {
	case len(in.Names) > 100:
		return aws.Invalid("repositoryNames", "Member must have length less than or equal to 100")
	case in.Asked():
		return aws.Invalid("maxResults", "This option cannot be used when you specify repositories with repositoryNames.")
	}
	return nil
}

type createRepositoryIn struct {
	named

	Mutability store.Mutability  `json:"imageTagMutability"`
	Exclusions []exclusionFilter `json:"imageTagMutabilityExclusionFilters"`
	Scanning   scanning          `json:"imageScanningConfiguration"`
}

type repositoryOut struct {
	Repository repository `json:"repository"`
}

func (a *API) createRepository(c *aws.Call, in createRepositoryIn) (repositoryOut, error) {
	if err := in.check(c); err != nil {
		return repositoryOut{}, err
	}
	if in.Mutability == "" {
		in.Mutability = store.Mutable
	}
	filters, err := checkMutability(in.Mutability, in.Exclusions)
	if err != nil {
		return repositoryOut{}, err
	}
	if !a.store.Create(in.RepositoryName, c.Now) {
		return repositoryOut{}, aws.Errorf("RepositoryAlreadyExistsException",
			"The repository with name '%s' already exists in the registry with id '%s'", in.RepositoryName, c.Account)
	}
	repo, err := a.planted(c, in.named)
	if err != nil {
		return repositoryOut{}, err
	}
	repo.Configure(func(s *store.Settings) {
		s.Mutability, s.Exclusions, s.ScanOnPush = in.Mutability, filters, in.Scanning.ScanOnPush
	})
	return repositoryOut{describe(c, repo)}, nil
}

type deleteRepositoryIn struct {
	named

	Force bool `json:"force"`
}

func (a *API) deleteRepository(c *aws.Call, in deleteRepositoryIn) (repositoryOut, error) {
	repo, err := a.repository(c, in.named)
	if err != nil {
		return repositoryOut{}, err
	}
	if !in.Force && len(repo.Manifests()) > 0 {
		return repositoryOut{}, aws.Errorf("RepositoryNotEmptyException",
			"The repository with name '%s' in registry with id '%s' cannot be deleted because it still contains images",
			repo.Name, c.Account)
	}
	a.store.Delete(repo.Name)
	return repositoryOut{describe(c, repo)}, nil
}
