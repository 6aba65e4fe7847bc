package ref_test

import (
	"strings"
	"testing"

	"regatta/model/ref"
)

func FuzzParseRef(f *testing.F) {
	for _, s := range []string{
		"nginx", "docker.io/library/nginx:1.27", "localhost:5000/a/b@sha256:" + strings.Repeat("a", 64),
		"[::1]:5000/a", "r.example", "a//b", "a:b:c", "A/b", "@", ":", "/", "a@b@c", "x.y:99999/z",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ref.Parse(s)
		if err == nil {
			again, err := ref.Parse(r.String())
			if err != nil || again != r {
				t.Errorf("%q is %q, which is %+v, %v", s, r, again, err)
			}
			if ref.CheckHost(r.Host) != nil || ref.CheckRepository(r.Repository) != nil {
				t.Errorf("%q gives bad names: %+v", s, r)
			}
		}
		if _, err := ref.ParseTarget(s); err == nil && strings.ContainsAny(s, "\x00\x1b\n ") {
			t.Errorf("%q is a target", s)
		}
	})
}
