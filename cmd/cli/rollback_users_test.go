package cli

import (
	"slices"
	"testing"

	rollbacks "regatta/cmd/app/rollback"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/usage"
)

// What is named by its digest, or has looked the tag up before, keeps what it
// runs when the tag goes back; what follows another tag has nothing to do with it.
func TestWhoKeepsItsDigest(t *testing.T) {
	t.Parallel()
	use := func(place, tag, content string) usage.Use {
		u := usage.Use{Source: usage.ECS, Place: place, How: usage.Task, Running: 1}
		u.Image = ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: tag, Digest: ref.DigestOf([]byte(content))}
		return u
	}
	l := &rollbacks.Case{Facts: rollback.Facts{
		Tag:     ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: "prod"},
		Current: ref.DigestOf([]byte("bad")),
		Uses: []usage.Use{
			use("prod/api", "prod", "bad"), use("batch/api", "", "old"), use("staging/api", "staging", "next"),
			use("canary/api", "", "good"),
		},
	}}
	follow, pinned := l.Users([]ref.Digest{ref.DigestOf([]byte("good"))})
	var kept []string
	for _, u := range pinned {
		kept = append(kept, u.Place)
	}
	if want := []string{"prod/api", "batch/api"}; !slices.Equal(kept, want) {
		t.Errorf("kept by %v, want %v", kept, want)
	}
	if len(follow) != 1 || follow[0].Place != "prod/api" {
		t.Errorf("followed by %v", follow)
	}
}
