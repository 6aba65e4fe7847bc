package ecr

import (
	"time"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/store"
)

// restoreTime is how long a restore takes (user guide, archiving an image:
// within 20 minutes).
const restoreTime = 20 * time.Minute

type updateImageStorageClassIn struct {
	named

	ID     imageID `json:"imageId"`
	Target string  `json:"targetStorageClass"`
}

type updateImageStorageClassOut struct {
	RegistryID     string       `json:"registryId"`
	RepositoryName string       `json:"repositoryName"`
	ID             imageID      `json:"imageId"`
	Status         store.Status `json:"imageStatus"`
}

func (a *API) updateImageStorageClass(
	c *aws.Call, in updateImageStorageClassIn,
) (updateImageStorageClassOut, error) {
	out := updateImageStorageClassOut{RegistryID: c.Account, RepositoryName: in.RepositoryName, ID: in.ID}
	repo, err := a.repository(c, in.named)
	if err != nil {
		return out, err
	}
	m, err := find1(c, repo, in.ID)
	if err != nil {
		return out, err
	}
	status := m.Archive.Status(c.Now)
	switch {
	case in.Target == "ARCHIVE" && status == store.Active:
		repo.SetArchived(m.Digest, c.Now)
	case in.Target == "STANDARD" && status == store.Archived:
		repo.Restore(m.Digest, c.Now.Add(restoreTime))
	case in.Target == "ARCHIVE" && status == store.Activating:
		return out, aws.Errorf("ImageStorageClassUpdateNotSupportedException",
			"The storage class of an image that is being restored cannot be updated")
	case in.Target != "ARCHIVE" && in.Target != "STANDARD":
		return out, aws.Invalid("targetStorageClass", "Member must satisfy enum value set: [ARCHIVE, STANDARD]")
	}
	m, _ = repo.Manifest(m.Digest)
	out.Status = m.Archive.Status(c.Now)
	return out, nil
}
