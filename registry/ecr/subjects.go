package ecr

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/ecr/sdk"
)

const (
	referrersPage    = 50 // the most that come at once (API reference, ListImageReferrers)
	maxReferrerPages = 40
)

// Subjects are the manifests that name d as their subject, archived ones too.
func (m manifests) Subjects(ctx context.Context, repo string, d ref.Digest) ([]image.Descriptor, error) {
	o := sdk.Doing("list referrers of", m.c.name(repo)+"@"+string(d))
	in := &ecr.ListImageReferrersInput{
		RegistryId: m.c.registry(), RepositoryName: &repo, MaxResults: aws.Int32(referrersPage),
		SubjectId: &types.SubjectIdentifier{ImageDigest: aws.String(string(d))},
		Filter:    &types.ListImageReferrersFilter{ArtifactStatus: types.ArtifactStatusFilterAny},
	}
	var found []image.Descriptor
	for range maxReferrerPages {
		out, err := ask(ctx, m.c, o, (*ecr.Client).ListImageReferrers, in)
		if err != nil {
			return nil, err
		}
		for _, r := range out.Referrers {
			if desc, ok := referrer(r); ok {
				found = append(found, desc)
			}
		}
		if aws.ToString(out.NextToken) == "" {
			return found, nil
		}
		in.NextToken = out.NextToken
	}
	return nil, o.Failure(fault.TooLarge, "there are too many to list")
}

// referrer reports false for what has no digest.
func referrer(r types.ImageReferrer) (image.Descriptor, bool) {
	digest, err := ref.ParseDigest(aws.ToString(r.Digest))
	d := image.Descriptor{
		Digest: digest, MediaType: sdk.Clean(aws.ToString(r.MediaType)),
		ArtifactType: sdk.Clean(aws.ToString(r.ArtifactType)),
		Size:         max(0, aws.ToInt64(r.Size)),
	}
	for key, value := range r.Annotations {
		if d.Annotations == nil {
			d.Annotations = map[string]string{}
		}
		d.Annotations[sdk.Clean(key)] = sdk.Clean(value)
	}
	return d, err == nil
}
