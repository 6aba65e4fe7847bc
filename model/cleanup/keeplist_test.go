package cleanup_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/cleanup"
	"regatta/model/ref"
)

func TestKeepList(t *testing.T) {
	t.Parallel()
	s := newShop().image("digest", 9*day, "a").image("tag", 9*day, "b").image("glob", 9*day, "c-1").
		image("full", 9*day, "d").image("full digest", 9*day, "e").image("full glob", 9*day, "f-1").
		image("latest", 9*day, "latest").image("gone", 9*day, "g").image("other", 9*day, "h").image("both", 9*day, "i")
	k := list(t, "\ufeff# what runs\r\n"+string(digest("digest"))+"\r\n\n  b  # by hand\nc-*\n"+
		"registry.example/shop/api:d\nregistry.example/shop/api@"+string(digest("full digest"))+"\n"+
		"registry.example/shop/api:f-?\nregistry.example/shop/api\nregistry.example/shop/web:g\nnginx:g\n"+
		"registry.example/shop/api:elsewhere@"+string(digest("both"))+"\nnothing\n")
	got := s.evaluate(cleanup.Rules{Match: []string{"*"}, Keep: k})
	if r := removed(t, got, "digest", "tag", "glob", "full", "full digest", "full glob", "latest", "gone", "other", "both"); r != "gone other" {
		t.Errorf("removes %q", r)
	}
	if k.Elsewhere != 2 {
		t.Errorf("%d entries are of other repositories", k.Elsewhere)
	}
	if diff := cmp.Diff([]string{"line 12: elsewhere", "line 13: nothing"}, got.Idle()); diff != "" {
		t.Error(diff)
	}
}

func TestKeepListErrorsNameTheirLines(t *testing.T) {
	t.Parallel()
	_, err := cleanup.ParseKeepList("v1\nv[0-9]\nsha256:12\n\nhost.example/Shop:v1\nregistry.example/shop/api:v{1}*\n",
		ref.Reference{Host: "registry.example", Repository: "shop/api"})
	if err == nil {
		t.Fatal("a wrong list is no error")
	}
	for _, line := range []string{"line 2: ", "line 3: ", "line 5: ", "line 6: "} {
		if !strings.Contains(err.Error(), line) {
			t.Errorf("no %q in %v", line, err)
		}
	}
	if strings.Contains(err.Error(), "line 1:") {
		t.Error(err)
	}
}

func TestPatternsThatNoTagMatches(t *testing.T) {
	t.Parallel()
	for _, p := range []string{"", "v[0-9]*", "{a,b}", "a b", `v\*`, "é*", "v1:x"} {
		if err := (cleanup.Rules{Exclude: []string{p}}).Check(); err == nil {
			t.Errorf("%q is taken for a pattern", p)
		}
	}
	if err := (cleanup.Rules{Match: []string{"*"}, Exclude: []string{"v1.?_-"}, Protected: []string{"PROD"}}).Check(); err != nil {
		t.Error(err)
	}
}
