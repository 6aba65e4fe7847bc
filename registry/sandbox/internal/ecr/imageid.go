package ecr

import (
	"regexp"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// imageID names an image by digest, by tag, or by both (API reference,
// ImageIdentifier).
type imageID struct {
	Digest string `json:"imageDigest,omitempty"`
	Tag    string `json:"imageTag,omitempty"`
}

// failure is what went wrong with one image of several (API reference,
// ImageFailure).
type failure struct {
	ID     imageID `json:"imageId"`
	Code   string  `json:"failureCode"`
	Reason string  `json:"failureReason"`
}

const digestPattern = `[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+`

// check finds fault with the identifier by itself.
func (id imageID) check() (failure, bool) {
	switch {
	case id == imageID{}:
		return failure{id, "MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null"}, false
	case id.Digest != "" && !regexp.MustCompile("^"+digestPattern+"$").MatchString(id.Digest):
		return failure{
			id, "InvalidImageDigest",
			"Invalid request parameters: image digest should satisfy the regex '" + digestPattern + "'",
		}, false
	case id.Tag != "" && !oci.IsTag(id.Tag):
		return failure{id, "InvalidImageTag", "Invalid request parameters: image tag is invalid"}, false
	}
	return failure{}, true
}

// find finds the image. Given a digest and a tag, the tag must point at the
// digest.
func find(repo *store.Repository, id imageID) (store.Manifest, failure, bool) {
	if f, ok := id.check(); !ok {
		return store.Manifest{}, f, false
	}
	missing := failure{id, "ImageNotFound", "Requested image not found"}
	digest := id.Digest
	if id.Tag != "" {
		tag, ok := repo.Tag(id.Tag)
		switch {
		case !ok:
			return store.Manifest{}, missing, false
		case digest != "" && tag.Digest != digest:
			return store.Manifest{}, failure{
				id, "ImageTagDoesNotMatchDigest",
				"Invalid request parameters: given tag does not map to the given digest",
			}, false
		}
		digest = tag.Digest
	}
	m, ok := repo.Manifest(digest)
	return m, missing, ok
}

// find1 finds an image for operations about a single one.
func find1(c *aws.Call, repo *store.Repository, id imageID) (store.Manifest, error) {
	m, f, ok := find(repo, id)
	switch {
	case ok:
		return m, nil
	case f.Code == "ImageNotFound" || f.Code == "ImageTagDoesNotMatchDigest":
		return m, noImage(c, repo, id)
	}
	return m, aws.Errorf("InvalidParameterException", "%s", f.Reason)
}

func noImage(c *aws.Call, repo *store.Repository, id imageID) error {
	return aws.Errorf("ImageNotFoundException", "The image with imageId %s does not exist within the repository "+
		"with name '%s' in the registry with id '%s'", id.words(), repo.Name, c.Account)
}

// words is the identifier as messages show it.
func (id imageID) words() string {
	or := func(s string) string {
		if s == "" {
			return "null"
		}
		return s
	}
	return "{imageDigest:'" + or(id.Digest) + "', imageTag:'" + or(id.Tag) + "'}"
}

// checkIDs checks the number of images of a batch.
func checkIDs(ids []imageID) error {
	switch {
	case len(ids) == 0:
		return aws.Invalid("imageIds", "Member must have length greater than or equal to 1")
	case len(ids) > 100:
		return aws.Invalid("imageIds", "Member must have length less than or equal to 100")
	}
	return nil
}
