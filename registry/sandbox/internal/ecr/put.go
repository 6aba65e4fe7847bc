package ecr

import (
	"encoding/json"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// maxManifest is the size limit of a manifest in bytes (API reference,
// PutImage).
const maxManifest = 4 << 20

type putImageIn struct {
	named

	Manifest  string `json:"imageManifest"`
	MediaType string `json:"imageManifestMediaType"`
	Tag       string `json:"imageTag"`
	Digest    string `json:"imageDigest"`
}

type putImageOut struct {
	Image image `json:"image"`
}

func (a *API) putImage(c *aws.Call, in putImageIn) (putImageOut, error) {
	repo, err := a.repository(c, in.named)
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return putImageOut{}, err
	}
	m := store.NewManifest(in.MediaType, []byte(in.Manifest), c.Now)
	if err := in.checkManifest(m); err != nil {
		return putImageOut{}, err
	}
	if err := in.checkPlace(c, repo, m); err != nil {
		return putImageOut{}, err
	}
	repo.PutManifest(m)
	if in.Tag != "" {
		repo.SetTag(in.Tag, m.Digest, c.Now)
	}
	id := imageID{m.Digest, in.Tag}
	return putImageOut{image{c.Account, repo.Name, id, in.Manifest, m.MediaType}}, nil
}

func (in putImageIn) check() error {
	switch {
	case in.Manifest == "":
		return aws.Invalid("imageManifest", "Member must have length greater than or equal to 1")
	case len(in.Manifest) > maxManifest:
		return aws.Invalid("imageManifest", "Member must have length less than or equal to %d", maxManifest)
	case in.Tag != "" && !oci.IsTag(in.Tag):
		return aws.Invalid("imageTag", "must satisfy regular expression '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}'")
	}
	return nil
}

// checkManifest checks the manifest by itself.
func (in putImageIn) checkManifest(m store.Manifest) error {
	declared := m.Fields.MediaType
	switch {
	case !json.Valid(m.Raw):
		return aws.Errorf("InvalidParameterException", "Invalid parameter at 'ImageManifest' failed to satisfy "+
			"constraint: 'Invalid JSON syntax'")
	case m.MediaType == "" || declared != "" && in.MediaType != "" && declared != in.MediaType:
		return aws.Errorf("InvalidParameterException", "Invalid parameter at 'ImageManifestMediaType' failed to "+
			"satisfy constraint: 'The manifest does not fit its media type'")
	case in.Digest != "" && in.Digest != m.Digest:
		return aws.Errorf("ImageDigestDoesNotMatchException",
			"The specified image digest does not match the digest that Amazon ECR calculated for the image: %s", m.Digest)
	}
	return nil
}

// checkPlace checks the manifest against what is in the repository. To put an
// archived image again restores it.
func (in putImageIn) checkPlace(c *aws.Call, repo *store.Repository, m store.Manifest) error {
	blob, manifest := repo.Missing(m)
	switch {
	case blob != "":
		return aws.Errorf("LayersNotFoundException", "Layers with digests '[%s]' required for pushing image into "+
			"repository with name '%s' in the registry with id '%s' do not exist", blob, repo.Name, c.Account)
	case manifest != "":
		return aws.Errorf("ReferencedImagesNotFoundException", "Images with digests '[%s]' required for pushing image "+
			"into repository with name '%s' in the registry with id '%s' do not exist", manifest, repo.Name, c.Account)
	}
	old, there := repo.Manifest(m.Digest)
	there = there && old.Archive.Status(c.Now) == store.Active
	tag, tagged := repo.Tag(in.Tag)
	switch {
	case tagged && !repo.Settings().Movable(in.Tag):
		return aws.Errorf("ImageTagAlreadyExistsException", "The image tag '%s' already exists in the '%s' repository "+
			"and cannot be overwritten because the tag is immutable.", in.Tag, repo.Name)
	case there && tagged && tag.Digest == m.Digest, there && in.Tag == "":
		return aws.Errorf("ImageAlreadyExistsException", "Image with digest '%s' and tag '%s' already exists in the "+
			"repository with name '%s' in registry with id '%s'", m.Digest, in.Tag, repo.Name, c.Account)
	}
	return nil
}
