package ecr

import (
	"strings"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/store"
)

type batchDeleteImageOut struct {
	IDs      []imageID `json:"imageIds"`
	Failures []failure `json:"failures"`
}

// batchDeleteImage takes tags off images, and images with all their tags. An
// image goes with its last tag, unless an index lists it (API reference,
// BatchDeleteImage). What the images are is found out before the first goes.
func (a *API) batchDeleteImage(c *aws.Call, in imagesIn) (batchDeleteImageOut, error) {
	out := batchDeleteImageOut{IDs: []imageID{}, Failures: []failure{}}
	repo, err := a.repository(c, in.named)
	if err == nil {
		err = checkIDs(in.IDs)
	}
	if err != nil {
		return out, err
	}
	found := make([]imageID, len(in.IDs))
	for i, id := range in.IDs {
		m, f, ok := find(repo, id)
		if !ok {
			out.Failures = append(out.Failures, f)
			continue
		}
		found[i] = imageID{m.Digest, id.Tag}
	}
	for i, id := range found {
		if id.Digest == "" {
			continue
		}
		gone, f := remove(repo, id, in.IDs[i])
		out.IDs = append(out.IDs, gone...)
		out.Failures = append(out.Failures, f...)
	}
	return out, nil
}

// remove takes a tag, or an image where no tag is named or it is the last.
// What an identifier before it took is no failure.
func remove(repo *store.Repository, id, asked imageID) ([]imageID, []failure) {
	all := expand(repo, id.Digest, "")
	if _, there := repo.Manifest(id.Digest); !there {
		return nil, nil
	}
	if id.Tag != "" && len(all) > 1 {
		if !repo.Untag(id.Tag) {
			return nil, nil
		}
		return []imageID{id}, nil
	}
	if parents := repo.Parents(id.Digest); len(parents) > 0 {
		return nil, []failure{{
			asked, "ImageReferencedByManifestList",
			"Requested image referenced by manifest list: [" + strings.Join(parents, ", ") + "]",
		}}
	}
	repo.DeleteManifest(id.Digest)
	return all, nil
}
