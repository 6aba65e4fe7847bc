package images

import (
	"slices"
	"testing"
)

// The tag that keeps what an earlier rollback has left is the last that goes back.
func TestKeepTagsGoBackLast(t *testing.T) {
	t.Parallel()
	tags := []string{"rollback-from-v2", "v1.2.3", "prod"}
	if got := movable(tags, "rollback-from-"); !slices.Equal(got, []string{"prod", "v1.2.3", "rollback-from-v2"}) {
		t.Errorf("they come as %v", got)
	}
	if got := movable(tags[:1], "rollback-from-"); len(got) != 1 {
		t.Errorf("the only tag is %v", got)
	}
	if got := movable(tags[:2], ""); got[0] != "rollback-from-v2" {
		t.Errorf("without keep tags they come as %v", got)
	}
}
