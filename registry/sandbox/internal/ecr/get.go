package ecr

import (
	"slices"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/store"
)

// image is a manifest on the wire (API reference, Image).
type image struct {
	RegistryID     string  `json:"registryId"`
	RepositoryName string  `json:"repositoryName"`
	ID             imageID `json:"imageId"`
	Manifest       string  `json:"imageManifest"`
	MediaType      string  `json:"imageManifestMediaType,omitempty"`
}

type imagesIn struct {
	named

	IDs []imageID `json:"imageIds"`
}

type batchGetImageOut struct {
	Images   []image   `json:"images"`
	Failures []failure `json:"failures"`
}

// batchGetImage counts as a pull, unless the role is excluded (user guide,
// pull-time update exclusions). An image asked for by digest comes once for
// each of its tags.
func (a *API) batchGetImage(c *aws.Call, in imagesIn) (batchGetImageOut, error) {
	out := batchGetImageOut{Images: []image{}, Failures: []failure{}}
	repo, err := a.repository(c, in.named)
	if err == nil {
		err = checkIDs(in.IDs)
	}
	if err != nil {
		return out, err
	}
	for _, id := range in.IDs {
		m, f, ok := find(repo, id)
		if ok && m.Archive.Status(c.Now) != store.Active {
			f, ok = failure{id, "ImageNotFound", "Requested image not found"}, false
		}
		if !ok {
			out.Failures = append(out.Failures, f)
			continue
		}
		if !a.excluded(c.Role.ARN) {
			repo.MarkPulled(m.Digest, c.Now)
		}
		for _, one := range expand(repo, m.Digest, id.Tag) {
			out.Images = append(out.Images, image{c.Account, repo.Name, one, string(m.Raw), m.MediaType})
		}
	}
	return out, nil
}

// expand names an image by each of its tags, or by the one it was asked for by.
func expand(repo *store.Repository, digest, tag string) []imageID {
	if tag != "" {
		return []imageID{{digest, tag}}
	}
	var all []imageID
	for _, tag := range repo.TagsOf(digest) {
		all = append(all, imageID{digest, tag})
	}
	if len(all) == 0 {
		all = []imageID{{Digest: digest}}
	}
	return all
}

func (a *API) excluded(arn string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, ok := slices.BinarySearch(a.exclusions, arn)
	return ok
}
