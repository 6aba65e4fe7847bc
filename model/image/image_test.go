package image

import (
	"strings"
	"testing"
	"time"

	"regatta/model/ref"
)

func TestParseCompanion(t *testing.T) {
	t.Parallel()
	sum := strings.Repeat("a", 64)
	for role, tag := range map[string]string{
		"referrers": "sha256-" + sum, "sig": "sha256-" + sum + ".sig", "att": "sha256-" + sum + ".att",
		"sbom": "sha256-" + sum + ".sbom",
	} {
		c, ok := ParseCompanion(tag)
		if !ok || c != (Companion{Subject: ref.Digest("sha256:" + sum), Role: role}) {
			t.Errorf("%s: %+v %v", tag, c, ok)
		}
	}
	for _, tag := range []string{
		"", "latest", "sha256-", "sha256-" + sum[1:], "sha256-" + sum + ".", "sha256-" + sum + ".other",
		"sha256-" + sum + ".sig.sig", "sha256-" + strings.ToUpper(sum), "sha256:" + sum, "x-sha256-" + sum,
	} {
		if c, ok := ParseCompanion(tag); ok {
			t.Errorf("%q is taken for %+v", tag, c)
		}
	}
}

func TestImageNameAndTime(t *testing.T) {
	t.Parallel()
	created, pushed := time.Unix(1, 0), time.Unix(2, 0)
	i := Image{Digest: ref.Digest(sumA), Created: created}
	if i.Name() != "aaaaaaaaaaaa" || !i.Time().Equal(created) {
		t.Error(i.Name(), i.Time())
	}
	i.Tags, i.Pushed = []string{"v1", "latest"}, pushed
	if i.Name() != "v1" || !i.Time().Equal(pushed) {
		t.Error(i.Name(), i.Time())
	}
}

func TestNewRepositoryKnowsItsNameOnly(t *testing.T) {
	t.Parallel()
	if r := NewRepository("a"); r.Name != "a" || r.Tags >= 0 || r.Images >= 0 || r.Size >= 0 || r.State != Unread {
		t.Errorf("%+v", r)
	}
}

func TestCompanionTags(t *testing.T) {
	t.Parallel()
	d := ref.DigestOf([]byte("x"))
	roles := map[string]bool{}
	for _, tag := range CompanionTags(d) {
		c, ok := ParseCompanion(tag)
		if !ok || c.Subject != d || c.Kind() == "" {
			t.Errorf("%s: %+v, %v", tag, c, ok)
		}
		roles[c.Role] = true
	}
	if len(roles) != 4 {
		t.Errorf("there are tags of %v", roles)
	}
}
