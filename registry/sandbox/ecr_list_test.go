package sandbox_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/registry/sandbox"
)

func TestRepositories(t *testing.T) {
	t.Parallel()
	w := newWall()
	rg := open(t, w.seeded())
	for name, c := range map[string]cloud{"over HTTP": signInOverHTTP(t, rg), "in process": signIn(t, rg, "any")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var names []string
			pages := ecr.NewDescribeRepositoriesPaginator(c.ecr, &ecr.DescribeRepositoriesInput{MaxResults: aws.Int32(7)})
			for pages.HasMorePages() {
				page := must(pages.NextPage(t.Context()))(t)
				for _, r := range page.Repositories {
					names = append(names, *r.RepositoryName)
					if r.CreatedAt.After(sandbox.Epoch().AddDate(0, -6, 0)) || *r.RegistryId != accountID {
						t.Errorf("%s was created at %s in %s", *r.RepositoryName, r.CreatedAt, *r.RegistryId)
					}
				}
			}
			if len(names) != 21 || !slices.IsSorted(names) {
				t.Errorf("repositories %v", names)
			}
		})
	}
}

func TestRepositoryComesAndGoes(t *testing.T) {
	t.Parallel()
	c, w := began(t)
	ctx := t.Context()
	created := must(c.ecr.CreateRepository(ctx, &ecr.CreateRepositoryInput{
		RepositoryName: aws.String("team/app"), ImageTagMutability: types.ImageTagMutabilityImmutable,
	}))(t).Repository
	if *created.RepositoryUri != "sandbox.test/team/app" || !created.CreatedAt.Equal(w.now()) ||
		created.ImageTagMutability != types.ImageTagMutabilityImmutable ||
		*created.RepositoryArn != "arn:aws:ecr:eu-central-1:111122223333:repository/team/app" {
		t.Errorf("created %s %s %s", *created.RepositoryUri, created.CreatedAt, *created.RepositoryArn)
	}
	_, err := c.ecr.CreateRepository(ctx, &ecr.CreateRepositoryInput{RepositoryName: aws.String("team/app")})
	wantCode(t, err, "RepositoryAlreadyExistsException",
		"The repository with name 'team/app' already exists in the registry with id '111122223333'")
	c.PushImage("team/app", one("a"))
	_, err = c.ecr.DeleteRepository(ctx, &ecr.DeleteRepositoryInput{RepositoryName: aws.String("team/app")})
	wantCode(t, err, "RepositoryNotEmptyException", "")
	must(c.ecr.DeleteRepository(ctx, &ecr.DeleteRepositoryInput{RepositoryName: aws.String("team/app"), Force: true}))(t)
	_, err = c.ecr.DescribeImages(ctx, &ecr.DescribeImagesInput{RepositoryName: aws.String("team/app")})
	wantCode(t, err, "RepositoryNotFoundException",
		"The repository with name 'team/app' does not exist in the registry with id '111122223333'")
}

// What an image is described as: push, pull, size, subject.
func TestDescribeImages(t *testing.T) {
	t.Parallel()
	c, w := began(t)
	small := c.PushImage("app", sandbox.Image{Layers: []string{"small"}})
	large := c.PushImage("app", sandbox.Image{Platform: "linux/arm64", Layers: []string{"large", "and more"}})
	index := c.PushIndex("app", small, large)
	c.Tag("app", "v1", index, w.now())
	c.Tag("app", "latest", index, w.now())
	w.pass(time.Hour)
	signature := c.PushArtifact("app", sandbox.Artifact{Type: "example/signature", Subject: index, Content: "x"})

	byDigest := map[string]types.ImageDetail{}
	in := &ecr.DescribeImagesInput{RepositoryName: aws.String("app")}
	for _, d := range must(c.ecr.DescribeImages(t.Context(), in))(t).ImageDetails {
		byDigest[*d.ImageDigest] = d
	}
	got := byDigest[index]
	if !slices.Equal(got.ImageTags, []string{"latest", "v1"}) || !got.ImagePushedAt.Equal(clock()) ||
		got.LastRecordedPullTime != nil || got.ImageStatus != types.ImageStatusActive {
		t.Errorf("index %+v", got)
	}
	if sizes := *byDigest[large].ImageSizeInBytes; *got.ImageSizeInBytes != sizes || sizes <= *byDigest[small].ImageSizeInBytes {
		t.Errorf("the index has %d bytes, its images %d and %d", *got.ImageSizeInBytes, *byDigest[small].ImageSizeInBytes, sizes)
	}
	if s := byDigest[signature]; *s.SubjectManifestDigest != index || *s.ArtifactMediaType != "example/signature" {
		t.Errorf("signature %+v", s)
	}
	if len(byDigest) != 4 {
		t.Errorf("%d images", len(byDigest))
	}
}

func TestDescribeImagesFilters(t *testing.T) {
	t.Parallel()
	c, w := began(t)
	tagged, plain, archived := c.PushImage("app", one("a")), c.PushImage("app", one("b")), c.PushImage("app", one("c"))
	c.Tag("app", "v1", tagged, w.now())
	must(c.ecr.UpdateImageStorageClass(t.Context(), &ecr.UpdateImageStorageClassInput{
		RepositoryName: aws.String("app"), ImageId: &types.ImageIdentifier{ImageDigest: &archived},
		TargetStorageClass: types.TargetStorageClassArchive,
	}))(t)
	tests := map[string]struct {
		filter *types.DescribeImagesFilter
		want   []string
	}{
		"active by default": {nil, []string{tagged, plain}},
		"any":               {&types.DescribeImagesFilter{ImageStatus: types.ImageStatusFilterAny}, []string{tagged, plain, archived}},
		"archived":          {&types.DescribeImagesFilter{ImageStatus: types.ImageStatusFilterArchived}, []string{archived}},
		"tagged":            {&types.DescribeImagesFilter{TagStatus: types.TagStatusTagged}, []string{tagged}},
		"untagged":          {&types.DescribeImagesFilter{TagStatus: types.TagStatusUntagged}, []string{plain}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := must(c.ecr.DescribeImages(t.Context(), &ecr.DescribeImagesInput{
				RepositoryName: aws.String("app"), Filter: tt.filter,
			}))(t)
			var got []string
			for _, d := range out.ImageDetails {
				got = append(got, *d.ImageDigest)
			}
			if slices.Sort(got); !slices.Equal(got, sorted(tt.want...)) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func sorted(all ...string) []string {
	slices.Sort(all)
	return all
}

// manyImages fills a repository with so many images of one tag each.
func manyImages(rg *sandbox.Registry, repository string, n int) {
	for i := range n {
		digest := rg.PushRaw(repository, "application/vnd.oci.image.manifest.v1+json", []byte(fmt.Sprintf(
			`{"schemaVersion":2,"config":{"size":100},"layers":[{"size":%d}],"annotations":{"n":"%d"}}`, 1000+i, i)))
		rg.Tag(repository, fmt.Sprint("v", i), digest, clock())
	}
}

// 10,000 images are ten pages and 100,000 are a hundred, none listed twice.
func TestPages(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes its time")
	}
	for n, pages := range map[int]int{10_000: 10, 100_000: 100} {
		rg := open(t, newWall().empty())
		manyImages(rg, "big", n)
		c := signIn(t, rg, "any")
		seen := map[string]bool{}
		list := ecr.NewDescribeImagesPaginator(c.ecr, &ecr.DescribeImagesInput{
			RepositoryName: aws.String("big"), MaxResults: aws.Int32(1000),
			Filter: &types.DescribeImagesFilter{ImageStatus: types.ImageStatusFilterAny},
		})
		for list.HasMorePages() {
			for _, d := range must(list.NextPage(t.Context()))(t).ImageDetails {
				seen[*d.ImageDigest] = true
			}
		}
		calls := rg.Requests()
		if len(seen) != n || len(calls) != pages || calls[0].Operation != "ecr:DescribeImages" {
			t.Errorf("%d images in %d calls, want %d in %d", len(seen), len(calls), n, pages)
		}
	}
}

// Lists go on where they stopped, even if the image at the end of a page goes
// and tags come in between.
func TestListImages(t *testing.T) {
	t.Parallel()
	c, w := began(t)
	var want []string
	for i := range 9 {
		digest := c.PushImage("app", one(strconv.Itoa(i)))
		for j := range i % 4 {
			tag := fmt.Sprintf("v%d.%d", i, j)
			c.Tag("app", tag, digest, w.now())
			want = append(want, digest+" "+tag)
		}
		if i%4 == 0 {
			want = append(want, digest+" ")
		}
	}
	var got []string
	list := ecr.NewListImagesPaginator(c.ecr, &ecr.ListImagesInput{RepositoryName: aws.String("app"), MaxResults: aws.Int32(2)})
	for list.HasMorePages() {
		for _, id := range must(list.NextPage(t.Context()))(t).ImageIds {
			got = append(got, *id.ImageDigest+" "+aws.ToString(id.ImageTag))
		}
	}
	if slices.Sort(got); !slices.Equal(got, sorted(want...)) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestDescribeChosenImages(t *testing.T) {
	t.Parallel()
	c, w := began(t)
	digest := c.PushImage("app", one("a"))
	c.Tag("app", "v1", digest, w.now())
	describe := func(ids ...types.ImageIdentifier) (*ecr.DescribeImagesOutput, error) {
		return c.ecr.DescribeImages(t.Context(), &ecr.DescribeImagesInput{RepositoryName: aws.String("app"), ImageIds: ids})
	}
	out := must(describe(types.ImageIdentifier{ImageTag: aws.String("v1")}, types.ImageIdentifier{ImageDigest: &digest}))(t)
	if len(out.ImageDetails) != 1 || *out.ImageDetails[0].ImageDigest != digest {
		t.Errorf("described %v", out.ImageDetails)
	}
	_, err := describe(types.ImageIdentifier{ImageTag: aws.String("v2")})
	wantCode(t, err, "ImageNotFoundException", "The image with imageId {imageDigest:'null', imageTag:'v2'} does not exist "+
		"within the repository with name 'app' in the registry with id '111122223333'")
	_, err = describe(slices.Repeat([]types.ImageIdentifier{{ImageDigest: &digest}}, 101)...)
	wantCode(t, err, "InvalidParameterException",
		"Invalid parameter at 'imageIds' failed to satisfy constraint: 'Member must have length less than or equal to 100'")
}
