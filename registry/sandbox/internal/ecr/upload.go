package ecr

import (
	"errors"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/store"
)

// partSize is the size in bytes that ECR suggests for parts (API reference,
// InitiateLayerUpload).
const partSize = 10 << 20

type uploadOut struct {
	ID       string `json:"uploadId"`
	PartSize int64  `json:"partSize"`
}

func (a *API) initiateLayerUpload(c *aws.Call, in named) (uploadOut, error) {
	repo, err := a.repository(c, in)
	if err != nil {
		return uploadOut{}, err
	}
	return uploadOut{a.store.StartUpload(repo.Name).ID, partSize}, nil
}

type partIn struct {
	named

	UploadID string `json:"uploadId"`
	First    int64  `json:"partFirstByte"`
	Last     int64  `json:"partLastByte"`
	Content  []byte `json:"layerPartBlob"`
}

type partOut struct {
	RegistryID     string `json:"registryId"`
	RepositoryName string `json:"repositoryName"`
	UploadID       string `json:"uploadId"`
	Last           int64  `json:"lastByteReceived"`
}

// uploadLayerPart takes parts in order.
func (a *API) uploadLayerPart(c *aws.Call, in partIn) (partOut, error) {
	u, err := a.upload(c, in.named, in.UploadID)
	if err != nil {
		return partOut{}, err
	}
	u.Lock()
	defer u.Unlock()
	if in.First != u.Size() || in.Last != in.First+int64(len(in.Content))-1 {
		return partOut{}, aws.Errorf("InvalidLayerPartException",
			"Layer part must begin at byte %d and end with its last byte", u.Size())
	}
	if _, err := u.Write(in.Content); err != nil {
		return partOut{}, aws.Errorf("LimitExceededException", "%s", err)
	}
	return partOut{c.Account, in.RepositoryName, in.UploadID, u.Size() - 1}, nil
}

func (a *API) upload(c *aws.Call, in named, id string) (*store.Upload, error) {
	if _, err := a.repository(c, in); err != nil {
		return nil, err
	}
	u, ok := a.store.Upload(in.RepositoryName, id)
	if !ok {
		return nil, aws.Errorf("UploadNotFoundException", "The upload with id '%s' does not exist in the repository "+
			"with name '%s' in the registry with id '%s'", id, in.RepositoryName, c.Account)
	}
	return u, nil
}

type completeIn struct {
	layersIn

	UploadID string `json:"uploadId"`
}

type completeOut struct {
	RegistryID     string `json:"registryId"`
	RepositoryName string `json:"repositoryName"`
	UploadID       string `json:"uploadId"`
	Digest         string `json:"layerDigest"`
}

func (a *API) completeLayerUpload(c *aws.Call, in completeIn) (completeOut, error) {
	u, err := a.upload(c, in.named, in.UploadID)
	if err != nil {
		return completeOut{}, err
	}
	repo, err := a.repository(c, in.named)
	if err != nil {
		return completeOut{}, err
	}
	if len(in.Digests) == 0 {
		return completeOut{}, aws.Invalid("layerDigests", "Member must have length greater than or equal to 1")
	}
	u.Lock()
	defer u.Unlock()
	digest := in.Digests[0]
	_, there := repo.Blob(digest)
	switch {
	case u.Size() == 0:
		return completeOut{}, aws.Errorf("EmptyUploadException", "The upload with id '%s' has no parts", u.ID)
	case there:
		return completeOut{}, aws.Errorf("LayerAlreadyExistsException", "The layer with digest '%s' already exists in "+
			"the repository with name '%s' in the registry with id '%s'", digest, repo.Name, c.Account)
	}
	if err := u.Commit(repo, digest); errors.Is(err, store.ErrDigest) {
		return completeOut{}, aws.Errorf("InvalidLayerException", "Layer digest '%s' does not match the upload", digest)
	} else if err != nil {
		return completeOut{}, err
	}
	return completeOut{c.Account, repo.Name, u.ID, digest}, nil
}
