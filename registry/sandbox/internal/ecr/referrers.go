package ecr

import (
	"slices"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

type listImageReferrersIn struct {
	named
	aws.Paging

	Subject struct {
		Digest string `json:"imageDigest"`
	} `json:"subjectId"`
	Filter referrerFilter `json:"filter"`
}

type referrerFilter struct {
	Status string   `json:"artifactStatus"`
	Types  []string `json:"artifactTypes"`
}

type listImageReferrersOut struct {
	Referrers []referrer `json:"referrers"`
	NextToken string     `json:"nextToken,omitempty"`
}

// referrer is an artifact that has an image for its subject (API reference,
// ImageReferrer). The size is the manifest's, in bytes.
type referrer struct {
	Digest       string            `json:"digest"`
	MediaType    string            `json:"mediaType"`
	ArtifactType string            `json:"artifactType,omitempty"`
	Size         int64             `json:"size"`
	Annotations  map[string]string `json:"annotations,omitempty"`
	Status       store.Status      `json:"artifactStatus"`
}

func (a *API) listImageReferrers(c *aws.Call, in listImageReferrersIn) (listImageReferrersOut, error) {
	out := listImageReferrersOut{Referrers: []referrer{}}
	repo, err := a.repository(c, in.named)
	if err != nil {
		return out, err
	}
	n, err := in.Size(20, 50)
	if err != nil {
		return out, err
	}
	if !oci.IsDigest(in.Subject.Digest) {
		return out, aws.Invalid("subjectId.imageDigest", "must satisfy regular expression '%s'", digestPattern)
	}
	var after store.Position
	if err := in.Place(&after); err != nil {
		return out, err
	}
	found := repo.After(after, n+1, in.wants(c))
	if len(found) > n {
		found = found[:n]
		out.NextToken = aws.Token(found[n-1].Position())
	}
	for _, l := range found {
		out.Referrers = append(out.Referrers, referrer{
			l.Digest, l.MediaType, l.Fields.Kind(), int64(len(l.Raw)), l.Fields.Annotations, l.Archive.Status(c.Now),
		})
	}
	return out, nil
}

func (in listImageReferrersIn) wants(c *aws.Call) func(store.Listed) bool {
	ofStatus := filter{ImageStatus: in.Filter.Status}.wants(c.Now)
	return func(l store.Listed) bool {
		return l.Fields.Subject != nil && l.Fields.Subject.Digest == in.Subject.Digest && ofStatus(l) &&
			(len(in.Filter.Types) == 0 || slices.Contains(in.Filter.Types, l.Fields.Kind()))
	}
}
