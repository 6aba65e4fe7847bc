package ecr

import (
	"context"
	"slices"
	"strings"
	"time"
	"unique"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/ecr/sdk"
)

// Images is one page of a repository's images, tagged or not, archived or not,
// with all that a row shows. The cursor is "" for the first page, else a page's
// Next; where the list does not end the page comes with an error. The size of an
// index is that of its largest image, as its manifests are not read.
func (c *Client) Images(ctx context.Context, repo, cursor string) (image.Page, error) {
	o, at := sdk.Doing("list images of", c.name(repo)), cursorOf(cursor)
	out, err := c.describe(ctx, o, &ecr.DescribeImagesInput{
		RepositoryName: &repo, MaxResults: aws.Int32(pageSize), NextToken: at.token,
	})
	if err != nil {
		return image.Page{}, err
	}
	page := image.Page{Images: make([]image.Image, 0, len(out.ImageDetails))}
	for _, d := range out.ImageDetails {
		img, ok := row(d)
		if !ok {
			continue
		}
		for _, tag := range img.Tags {
			c.See(repo, tag, img.Digest)
		}
		page.Images = append(page.Images, img)
	}
	names := make([]string, len(page.Images))
	for i, img := range page.Images {
		names[i] = string(img.Digest)
	}
	page.Next, err = at.next(o, c.listed, names, out.NextToken)
	return page, err
}

// describe asks for images whatever their status (API reference,
// DescribeImagesFilter: only active ones come without).
func (c *Client) describe(
	ctx context.Context, o sdk.Op, in *ecr.DescribeImagesInput,
) (*ecr.DescribeImagesOutput, error) {
	if err := ref.CheckRepository(*in.RepositoryName); err != nil {
		return nil, o.Failure(fault.Invalid, err.Error())
	}
	in.RegistryId = c.registry()
	in.Filter = &types.DescribeImagesFilter{ImageStatus: types.ImageStatusFilterAny}
	return ask(ctx, c, o, (*ecr.Client).DescribeImages, in)
}

// shared is a media type, which many images have in common and hold once.
func shared(mediaType *string) string {
	s := aws.ToString(mediaType)
	if !plain(s) {
		s = sdk.Clean(s)
	}
	return unique.Make(s).Value()
}

// plain tells what there is nothing to clean in: to look for secrets in the media
// types of 100,000 images takes longer than to list them.
func plain(s string) bool {
	const most = 127 // of a type or a subtype (RFC 6838, section 4.2)
	return len(s) <= most && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("./+-", r)
	})
}

// row is an image as the API describes it. It reports false for what has no
// digest.
func row(d types.ImageDetail) (image.Image, bool) {
	digest, err := ref.ParseDigest(aws.ToString(d.ImageDigest))
	if err != nil {
		return image.Image{}, false
	}
	media, kind := shared(d.ImageManifestMediaType), shared(d.ArtifactMediaType)
	img := image.Image{
		Digest: digest, MediaType: media, Kind: image.KindOf(media, kind),
		Size:   max(0, aws.ToInt64(d.ImageSizeInBytes)),
		Pushed: instant(d.ImagePushedAt), Pulled: instant(d.LastRecordedPullTime),
		Storage: storageOf(d.ImageStatus), Archived: instant(d.LastArchivedAt), Restored: instant(d.LastActivatedAt),
		State: image.Read,
	}
	if found := d.ImageScanFindingsSummary; found != nil {
		img.Findings = severityCounts(found.FindingSeverityCounts)
	}
	if img.Kind == image.KindArtifact {
		img.ArtifactType = kind
	}
	if img.Kind == image.KindSchema1 {
		img.Size = -1
	}
	if subject, err := ref.ParseDigest(aws.ToString(d.SubjectManifestDigest)); err == nil {
		img.Subject = subject
	}
	img.Tags = slices.DeleteFunc(slices.Clone(d.ImageTags), func(s string) bool { return ref.CheckTag(s) != nil })
	return img, true
}

func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

func storageOf(s types.ImageStatus) image.Storage {
	switch s {
	case types.ImageStatusArchived:
		return image.Archived
	case types.ImageStatusActivating:
		return image.Restoring
	case types.ImageStatusActive:
	}
	return image.Standard
}

// Describe reads the manifests and configs of img, and keeps what only the
// listing knows of it. If its tag has moved away from img.Digest, the listing
// is asked about what it points to now. Of what is archived there is nothing to
// read.
func (c *Client) Describe(ctx context.Context, repo string, img image.Image, fresh bool) (image.Image, error) {
	if img.Storage != image.Standard {
		return img, nil
	}
	out, err := c.Client.Describe(ctx, repo, img, fresh)
	if err != nil || out.Digest == img.Digest && !out.Pushed.IsZero() {
		out.Storage = img.Storage
		return out, err
	}
	listed, err := c.one(ctx, sdk.Doing("describe", c.name(repo)+"@"+string(out.Digest)), repo, string(out.Digest))
	if err != nil {
		return out, nil //nolint:nilerr // what was read is worth having without the times
	}
	return out.Listed(listed), nil
}
