package lifecycle_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"regatta/model/fault"
	"regatta/model/lifecycle"
	"regatta/model/ref"
)

func digits(c string) ref.Digest { return ref.Digest("sha256:" + strings.Repeat(c, 64)) }

func TestParseImages(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/describe-images.json")
	if err != nil {
		t.Fatal(err)
	}
	repository, images, err := lifecycle.ParseImages(raw)
	if err != nil || repository != "shop/api" {
		t.Fatalf("%q, %v", repository, err)
	}
	pushed := time.Date(2026, 11, 1, 9, 30, 0, 250_000_000, time.UTC)
	want := []lifecycle.Image{
		{
			Digest: digits("1"), Tags: []string{"v2", "latest"}, Size: 50e6, Class: lifecycle.Standard, Pushed: pushed,
			Pulled: time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC), Children: []ref.Digest{digits("2")},
		},
		{Digest: digits("2"), Size: 49e6, Class: lifecycle.Standard, Pushed: pushed},
		{
			Digest: digits("3"), Tags: []string{"v1"}, Size: 40e6, Class: lifecycle.Archive,
			Pushed: time.Unix(1_700_000_000, 0).UTC(), Archived: time.Unix(1_750_000_000, 0).UTC(),
		},
		{
			Digest: digits("4"), Size: -1, Class: lifecycle.Standard, Pushed: pushed.Truncate(time.Second),
			Activated: time.Date(2026, 11, 20, 8, 59, 0, 0, time.UTC), Subject: digits("1"),
		},
	}
	if diff := cmp.Diff(want, images); diff != "" {
		t.Error(diff)
	}
	start, end := strings.Index(string(raw), "["), strings.LastIndex(string(raw), "]")
	_, list, err := lifecycle.ParseImages(raw[start : end+1])
	if diff := cmp.Diff(want, list); diff != "" || err != nil {
		t.Errorf("the list alone: %v\n%s", err, diff)
	}
}

// one is a document of one image with these fields beside its digest.
func oneImage(fields string) string {
	return `{"imageDetails":[{"imageDigest":"` + string(digits("1")) + `"` + fields + `}]}`
}

var badImages = []struct{ raw, want string }{
	{"", "the JSON ends too early"},
	{`{"imageDetails":[`, "the JSON ends too early"},
	{"imageDetails: []", "invalid character"},
	{`{"imageIds":[]}`, "there is no imageDetails"},
	{`{"imageDetails":null}`, "there is no imageDetails"},
	{`"imageDetails"`, "cannot be string"},
	{`{"imageDetails":[]}{}`, "something follows the images"},
	{`{"imageDetails":[{}]}`, "image 1: imageDigest: "},
	{`[{"imageDigest":"sha256:12"}]`, "image 1: imageDigest: "},
	{oneImage(`,"imageTags":"v1"`), "imageTags cannot be string"},
	{oneImage(`,"imageSizeInBytes":1e99`), "imageSizeInBytes cannot be number"},
	{oneImage(`,"imagePushedAt":"yesterday"`), `"yesterday" is not a time`},
	{oneImage(`,"imagePushedAt":1e18`), "1e18 is not a time in seconds"},
	{oneImage(`,"imagePushedAt":true`), "true is not a time in seconds"},
	{oneImage(`,"imagePushedAt":1e999999999`), "is not a time in seconds"},
	{oneImage(`,"subjectManifestDigest":"x"`), "image 1: subjectManifestDigest: "},
	{oneImage(`,"childDigests":["x"]`), "image 1: childDigests: "},
	{strings.Replace(oneImage(""), "}]", `},{"imageDigest":"`+string(digits("1"))+`"}]`, 1), "image 2: sha256:1111"},
	{strings.Replace(oneImage(`,"repositoryName":"a"`), "}]",
		`},{"repositoryName":"b","imageDigest":"`+string(digits("2"))+`"}]`, 1), `image 2: it is in the repository "b"`},
}

func TestBadImagesAreNamed(t *testing.T) {
	t.Parallel()
	for _, c := range badImages {
		_, _, err := lifecycle.ParseImages([]byte(c.raw))
		if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.raw, err, c.want)
		}
	}
}
