package lifecycle_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"regatta/model/image"
	"regatta/model/lifecycle"
)

// Everything that a listing tells and rules look at is taken over; for want of a push
// time it is the time when the image was made.
func TestImageOfAListing(t *testing.T) {
	t.Parallel()
	found := image.Image{
		Digest: digestOf("a"), Tags: []string{"v1", "prod"}, Size: 7, Subject: digestOf("b"),
		Pushed: daysAgo(9), Created: daysAgo(30), Pulled: daysAgo(3), Archived: daysAgo(2), Restored: daysAgo(1),
		Storage: image.Archived,
	}
	want := lifecycle.Image{
		Digest: digestOf("a"), Tags: []string{"v1", "prod"}, Size: 7, Subject: digestOf("b"), Class: lifecycle.Archive,
		Pushed: daysAgo(9), Pulled: daysAgo(3), Archived: daysAgo(2), Activated: daysAgo(1),
	}
	if diff := cmp.Diff(want, lifecycle.Of(found)); diff != "" {
		t.Error(diff)
	}
	found.Pushed, found.Storage = time.Time{}, image.Restoring
	want.Pushed, want.Class = daysAgo(30), lifecycle.Standard
	got := lifecycle.Of(found)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.Tags[0] = "v2"; found.Tags[0] != "v1" {
		t.Error("the tags are shared")
	}
}
