package rollback_test

import (
	"testing"

	"regatta/model/ref"
	"regatta/model/rollback"
)

// The repositories of one release go back to one version, where all of them are of
// one version now and have that one; else every tag goes back to what is best for
// it.
func TestBesideAnother(t *testing.T) {
	t.Parallel()
	one := func(tags ...string) rollback.Candidate {
		return rollback.Candidate{Digest: ref.DigestOf([]byte(tags[0])), Tags: tags}
	}
	bad := one("v1.0.0")
	bad.Bad = true
	web := []rollback.Candidate{one("v1.1.9", "v1.1"), one("v1.1.0", "edge"), bad}
	for name, x := range map[string]struct {
		now   []string
		other rollback.Candidate
		want  string
	}{
		"the same version before":     {[]string{"v1.2.0"}, one("v1.1.0"), "v1.1.0"},
		"one that it does not have":   {[]string{"v1.2.0"}, one("v1.0.5"), ""},
		"one that was rolled back":    {[]string{"v1.2.0"}, one("v1.0.0"), ""},
		"a part of the version":       {[]string{"v1.9.0", "v1"}, one("v1.1.0", "v1.1"), ""},
		"of another version now":      {[]string{"v3.0.0"}, one("v1.1.0"), ""},
		"a name is no version":        {[]string{"latest"}, one("v1.1.0"), ""},
		"a name in common is not one": {[]string{"v1.2.0"}, one("v7", "edge"), ""},
	} {
		got, ok := rollback.Beside(x.now, web, x.other, []string{"v1.2.0", "v1", "latest"})
		if ok != (x.want != "") || ok && got.Tags[0] != x.want {
			t.Errorf("%s: %v, %v", name, got.Tags, ok)
		}
	}
}

func TestBestWasNotRolledBack(t *testing.T) {
	t.Parallel()
	first, second := rollback.Candidate{Digest: "a", Bad: true}, rollback.Candidate{Digest: "b"}
	if got, ok := rollback.Best([]rollback.Candidate{first, second}); !ok || got.Digest != "b" {
		t.Errorf("%v, %v", got, ok)
	}
	if _, ok := rollback.Best([]rollback.Candidate{first}); ok {
		t.Error("to what was rolled back from")
	}
}
