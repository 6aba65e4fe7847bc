package cleanup_test

import (
	"strings"
	"testing"

	"regatta/model/cleanup"
	"regatta/model/query"
	"regatta/model/ref"
)

// A keep list that is taken keeps each tag that is a line of it, and its errors
// can be printed.
func FuzzKeepList(f *testing.F) {
	for _, seed := range []string{
		"", "# only a comment", "v1\nv2*\n", "\ufeffv1\r\n", "registry.example/shop/api:v1", "a/b/c@sha256:", "host:5000/x:*",
		string(digest("x")), "sha256:zz", "::", "//", "v1 # x # y", "\x1b[2J",
	} {
		f.Add(seed)
	}
	repository := ref.Reference{Host: "registry.example", Repository: "shop/api"}
	f.Fuzz(func(t *testing.T, source string) {
		k, err := cleanup.ParseKeepList(source, repository)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\x1b\u009b\u202e") {
				t.Errorf("%q would act on a terminal", err.Error())
			}
			return
		}
		for line := range strings.SplitSeq(source, "\n") {
			if line = strings.TrimSuffix(line, "\r"); ref.CheckTag(line) != nil {
				continue
			}
			s := newShop().image("a", 9*day, line)
			if r := removed(t, s.evaluate(cleanup.Rules{Match: []string{"*"}, Keep: k}), "a"); r != "" {
				t.Errorf("%q is on the list and goes", line)
			}
		}
	})
}

// A pattern that is taken matches what it becomes when its wildcards are filled
// in, whatever is filled in.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{"*", "v?.*", "pr-*-*", "", "[a]", "a**b", "?"} {
		f.Add(seed, "x")
	}
	f.Fuzz(func(t *testing.T, pattern, fill string) {
		if cleanup.CheckPattern(pattern) != nil {
			return
		}
		tag := strings.ReplaceAll(strings.ReplaceAll(pattern, "?", "_"), "*", fill)
		if !query.Glob(pattern, tag) {
			t.Errorf("%q does not match %q", pattern, tag)
		}
		if ref.CheckTag(tag) != nil {
			return
		}
		s := newShop().image("a", 9*day, tag)
		if r := removed(t, s.evaluate(cleanup.Rules{Match: []string{pattern}}), "a"); r != "a" && !strings.HasPrefix(tag, "sha256-") {
			t.Errorf("%q does not select %q", pattern, tag)
		}
	})
}
