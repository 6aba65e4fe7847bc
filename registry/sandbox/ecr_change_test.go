package sandbox_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/registry/sandbox"
)

func byTag(tag string) types.ImageIdentifier { return types.ImageIdentifier{ImageTag: &tag} }

func byDigest(digest string) types.ImageIdentifier {
	return types.ImageIdentifier{ImageDigest: &digest}
}

func byBoth(digest, tag string) types.ImageIdentifier {
	return types.ImageIdentifier{ImageDigest: &digest, ImageTag: &tag}
}

func (c cloud) get(tb testing.TB, ids ...types.ImageIdentifier) *ecr.BatchGetImageOutput {
	tb.Helper()
	return must(c.ecr.BatchGetImage(tb.Context(), &ecr.BatchGetImageInput{RepositoryName: aws.String("app"), ImageIds: ids}))(tb)
}

func (c cloud) remove(tb testing.TB, ids ...types.ImageIdentifier) *ecr.BatchDeleteImageOutput {
	tb.Helper()
	return must(c.ecr.BatchDeleteImage(tb.Context(), &ecr.BatchDeleteImageInput{RepositoryName: aws.String("app"), ImageIds: ids}))(tb)
}

// wantFailure checks the only failure of a batch.
func wantFailure(tb testing.TB, failures []types.ImageFailure, code types.ImageFailureCode, reason string) {
	tb.Helper()
	if len(failures) != 1 || failures[0].FailureCode != code || !strings.Contains(*failures[0].FailureReason, reason) {
		tb.Errorf("failures %v, want %s: %s", failures, code, reason)
	}
}

// The identifiers that lead nowhere, in the same words for reading and for
// deleting.
func TestImageFailures(t *testing.T) {
	t.Parallel()
	c, w := began(t)
	digest := c.PushImage("app", one("a"))
	c.Tag("app", "v1", digest, w.now())
	tests := map[string]struct {
		id     types.ImageIdentifier
		code   types.ImageFailureCode
		reason string
	}{
		"nothing":        {types.ImageIdentifier{}, types.ImageFailureCodeMissingDigestAndTag, "both tag and digest cannot be null"},
		"malformed":      {byDigest("v1"), types.ImageFailureCodeInvalidImageDigest, "image digest should satisfy the regex"},
		"malformed tag":  {byTag("a b"), types.ImageFailureCodeInvalidImageTag, ""},
		"unknown digest": {byDigest(noDigest), types.ImageFailureCodeImageNotFound, "Requested image not found"},
		"unknown tag":    {byBoth(digest, "v2"), types.ImageFailureCodeImageNotFound, "Requested image not found"},
		"tag of another": {
			byBoth(noDigest, "v1"), types.ImageFailureCodeImageTagDoesNotMatchDigest,
			"given tag does not map to the given digest",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantFailure(t, c.get(t, tt.id).Failures, tt.code, tt.reason)
			wantFailure(t, c.remove(t, tt.id).Failures, tt.code, tt.reason)
		})
	}
}

// To read a manifest is a pull, but not for those who are excluded.
func TestGetCountsAsPull(t *testing.T) {
	t.Parallel()
	c, w := began(t)
	digest := c.PushImage("app", one("a"))
	c.Tag("app", "v1", digest, w.now())
	c.Tag("app", "v2", digest, w.now())
	pulled := func() *time.Time {
		return must(c.ecr.DescribeImages(t.Context(), &ecr.DescribeImagesInput{RepositoryName: aws.String("app")}))(t).
			ImageDetails[0].LastRecordedPullTime
	}
	user := must(c.ecr.RegisterPullTimeUpdateExclusion(t.Context(), &ecr.RegisterPullTimeUpdateExclusionInput{
		PrincipalArn: aws.String("arn:aws:iam::111122223333:user/regatta"),
	}))(t).PrincipalArn
	c.get(t, byTag("v1"))
	if at := pulled(); at != nil {
		t.Errorf("pulled at %s", at)
	}
	listed := must(c.ecr.ListPullTimeUpdateExclusions(t.Context(), &ecr.ListPullTimeUpdateExclusionsInput{}))(t)
	if len(listed.PullTimeUpdateExclusions) != 1 || listed.PullTimeUpdateExclusions[0] != *user {
		t.Errorf("exclusions %v", listed.PullTimeUpdateExclusions)
	}
	must(c.ecr.DeregisterPullTimeUpdateExclusion(t.Context(), &ecr.DeregisterPullTimeUpdateExclusionInput{PrincipalArn: user}))(t)
	w.pass(time.Hour)
	if got := c.get(t, byDigest(digest)).Images; len(got) != 2 || *got[0].ImageId.ImageTag != "v1" {
		t.Errorf("an image of two tags came as %v", got)
	}
	if at := pulled(); at == nil || !at.Equal(w.now()) {
		t.Errorf("pulled at %v", at)
	}
}

// A retag: the bytes as they are, a new tag, the digest asserted.
func TestPutImage(t *testing.T) {
	t.Parallel()
	c, w := began(t)
	digest := c.PushImage("app", one("a"))
	other := c.PushImage("app", one("b"))
	c.Tag("app", "v1", digest, w.now())
	c.Tag("app", "prod", other, w.now())
	image := c.get(t, byTag("v1")).Images[0]
	put := func(change func(*ecr.PutImageInput)) error {
		in := &ecr.PutImageInput{
			RepositoryName: aws.String("app"), ImageManifest: image.ImageManifest, ImageTag: aws.String("v2"),
			ImageManifestMediaType: image.ImageManifestMediaType, ImageDigest: &digest,
		}
		change(in)
		_, err := c.ecr.PutImage(t.Context(), in)
		return err
	}
	w.pass(time.Hour)
	if err := put(func(in *ecr.PutImageInput) { in.ImageTag = aws.String("prod") }); err != nil {
		t.Fatal(err)
	}
	if got, _ := c.Resolve("app", "prod"); got != digest {
		t.Errorf("prod is %s", got)
	}
	out := must(c.ecr.DescribeImages(t.Context(), &ecr.DescribeImagesInput{
		RepositoryName: aws.String("app"), ImageIds: []types.ImageIdentifier{byDigest(digest)},
	}))(t)
	if at := out.ImageDetails[0].ImagePushedAt; !at.Equal(clock()) {
		t.Errorf("a retag moved the push to %s", at)
	}
	wantCode(t, put(func(in *ecr.PutImageInput) { in.ImageTag = aws.String("v1") }), "ImageAlreadyExistsException",
		"Image with digest '"+digest+"' and tag 'v1' already exists in the repository with name 'app' in registry with id '111122223333'")
	wantCode(t, put(func(in *ecr.PutImageInput) { in.ImageDigest = &other }), "ImageDigestDoesNotMatchException", "")
	wantCode(t, put(func(in *ecr.PutImageInput) { in.ImageManifest = aws.String("{") }), "InvalidParameterException", "")
	c.DropBlob("app", digestOf("layer of a"))
	wantCode(t, put(func(*ecr.PutImageInput) {}), "LayersNotFoundException", "")
	wantCode(t, put(func(in *ecr.PutImageInput) {
		in.ImageDigest = nil
		in.ImageManifestMediaType = aws.String("application/vnd.oci.image.index.v1+json")
		in.ImageManifest = aws.String(`{"schemaVersion":2,"manifests":[{"digest":"` + noDigest + `"}]}`)
	}), "ReferencedImagesNotFoundException", "")
}

// An immutable tag stays where it is, on both faces, and so says the error; the
// tags that a filter excludes move.
func TestImmutableTags(t *testing.T) {
	t.Parallel()
	c, w := began(t)
	digest, other := c.PushImage("app", one("a")), c.PushImage("app", one("b"))
	for _, tag := range []string{"v1", "dev-1"} {
		c.Tag("app", tag, digest, w.now())
	}
	set := must(c.ecr.PutImageTagMutability(t.Context(), &ecr.PutImageTagMutabilityInput{
		RepositoryName: aws.String("app"), ImageTagMutability: types.ImageTagMutabilityImmutableWithExclusion,
		ImageTagMutabilityExclusionFilters: []types.ImageTagMutabilityExclusionFilter{
			{Filter: aws.String("dev-*"), FilterType: types.ImageTagMutabilityExclusionFilterTypeWildcard},
		},
	}))(t)
	if len(set.ImageTagMutabilityExclusionFilters) != 1 {
		t.Errorf("filters %v", set.ImageTagMutabilityExclusionFilters)
	}
	image := c.get(t, byDigest(other)).Images[0]
	put := func(tag string) error {
		_, err := c.ecr.PutImage(t.Context(), &ecr.PutImageInput{
			RepositoryName: aws.String("app"), ImageManifest: image.ImageManifest, ImageTag: &tag,
		})
		return err
	}
	const text = "The image tag 'v1' already exists in the 'app' repository and cannot be overwritten because the tag is immutable."
	wantCode(t, put("v1"), "ImageTagAlreadyExistsException", text)
	ask(t, c.Registry, "PUT", "/v2/app/manifests/v1", *image.ImageManifest, "Content-Type: "+*image.ImageManifestMediaType).
		want(t, 400, text)
	for _, tag := range []string{"dev-1", "v2"} {
		if err := put(tag); err != nil {
			t.Error(err)
		}
	}
	_, err := c.ecr.PutImageTagMutability(t.Context(), &ecr.PutImageTagMutabilityInput{
		RepositoryName: aws.String("app"), ImageTagMutability: types.ImageTagMutabilityMutableWithExclusion,
	})
	wantCode(t, err, "InvalidParameterException", "")
}

// A tag goes alone while there are others; the last takes the image along. By
// digest all go. What an index lists stays.
func TestDelete(t *testing.T) {
	t.Parallel()
	c, w := began(t)
	child := c.PushImage("app", one("a"))
	index := c.PushIndex("app", child)
	for _, tag := range []string{"v1", "v2", "v3"} {
		c.Tag("app", tag, index, w.now())
	}
	c.Tag("app", "child", child, w.now())
	gone := func(out *ecr.BatchDeleteImageOutput) []string {
		var all []string
		for _, id := range out.ImageIds {
			all = append(all, aws.ToString(id.ImageTag))
		}
		return all
	}
	if got := gone(c.remove(t, byBoth(index, "v1"))); len(got) != 1 || got[0] != "v1" {
		t.Errorf("gone %v", got)
	}
	if _, ok := c.Resolve("app", "v2"); !ok {
		t.Fatal("v2 went along")
	}
	wantFailure(t, c.remove(t, byTag("child")).Failures, types.ImageFailureCodeImageReferencedByManifestList,
		"Requested image referenced by manifest list: ["+index+"]")
	partly := c.remove(t, byDigest(child), byTag("v2"), byTag("none"))
	if got := gone(partly); len(got) != 1 || len(partly.Failures) != 2 {
		t.Errorf("gone %v, failures %v", got, partly.Failures)
	}
	if got := gone(c.remove(t, byTag("v3"), byDigest(index), byDigest(child))); len(got) != 2 {
		t.Errorf("gone %v", got)
	}
	if left := c.get(t, byDigest(index), byDigest(child)); len(left.Images) != 0 {
		t.Errorf("left %v", left.Images)
	}
}

// An archived image cannot be pulled on either face. A restore takes twenty
// minutes; to push it again takes none.
func TestArchive(t *testing.T) {
	t.Parallel()
	c, w := began(t)
	digest := c.PushImage("app", one("a"))
	c.Tag("app", "v1", digest, w.now())
	move := func(to types.TargetStorageClass) types.ImageStatus {
		id := byTag("v1")
		return must(c.ecr.UpdateImageStorageClass(t.Context(), &ecr.UpdateImageStorageClassInput{
			RepositoryName: aws.String("app"), ImageId: &id, TargetStorageClass: to,
		}))(t).ImageStatus
	}
	pull := func(status int) {
		t.Helper()
		ask(t, c.Registry, "GET", "/v2/app/manifests/v1", "").want(t, status, "")
	}
	raw := *c.get(t, byTag("v1")).Images[0].ImageManifest
	if got := move(types.TargetStorageClassArchive); got != types.ImageStatusArchived {
		t.Errorf("archived: %s", got)
	}
	pull(404)
	wantFailure(t, c.get(t, byTag("v1")).Failures, types.ImageFailureCodeImageNotFound, "")
	if got := move(types.TargetStorageClassStandard); got != types.ImageStatusActivating {
		t.Errorf("restored: %s", got)
	}
	w.pass(19 * time.Minute)
	pull(404)
	w.pass(time.Minute)
	pull(200)
	move(types.TargetStorageClassArchive)
	must(c.ecr.PutImage(t.Context(), &ecr.PutImageInput{RepositoryName: aws.String("app"), ImageManifest: &raw, ImageTag: aws.String("v1")}))(t)
	pull(200)
	move(types.TargetStorageClassArchive)
	if out := c.remove(t, byDigest(digest)); len(out.Failures) != 0 {
		t.Errorf("failures %v", out.Failures)
	}
	id := byDigest(digest)
	_, err := c.ecr.UpdateImageStorageClass(t.Context(), &ecr.UpdateImageStorageClassInput{
		RepositoryName: aws.String("app"), ImageId: &id, TargetStorageClass: types.TargetStorageClassArchive,
	})
	wantCode(t, err, "ImageNotFoundException", "")
}

func TestListImageReferrers(t *testing.T) {
	t.Parallel()
	c, w := began(t)
	subject := c.PushImage("app", one("a"))
	for i := range 5 {
		w.pass(time.Second)
		kind := "example/even"
		if i%2 == 1 {
			kind = "example/odd"
		}
		c.PushArtifact("app", sandbox.Artifact{Type: kind, Subject: subject, Content: string(rune('a' + i))})
	}
	in := &ecr.ListImageReferrersInput{
		RepositoryName: aws.String("app"), SubjectId: &types.SubjectIdentifier{ImageDigest: &subject}, MaxResults: aws.Int32(2),
		Filter: &types.ListImageReferrersFilter{ArtifactTypes: []string{"example/even"}},
	}
	found := 0
	for {
		out := must(c.ecr.ListImageReferrers(t.Context(), in))(t)
		for _, r := range out.Referrers {
			found++
			if *r.ArtifactType != "example/even" || r.ArtifactStatus != types.ArtifactStatusActive || *r.Size == 0 {
				t.Errorf("referrer %+v", r)
			}
		}
		if out.NextToken == nil {
			break
		}
		in.NextToken = out.NextToken
	}
	if found != 3 {
		t.Errorf("%d referrers", found)
	}
}
