package against_test

import (
	"strings"
	"testing"

	"regatta/model/ref"
	"regatta/ui/overlay/against"
)

func TestParse(t *testing.T) {
	t.Parallel()
	beside := ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: "prod"}
	sum := "sha256:" + strings.Repeat("ab", 32)
	for line, want := range map[string]string{
		"v2":                       "registry.example/shop/api:v2",
		" :v2 ":                    "registry.example/shop/api:v2",
		sum:                        "registry.example/shop/api@" + sum,
		"@" + sum:                  "registry.example/shop/api@" + sum,
		"other.example:5000/a/b:c": "other.example:5000/a/b:c",
	} {
		got, err := against.Parse(beside, line)
		if err != nil || got.String() != want {
			t.Errorf("%q is %s, want %s: %v", line, got, want, err)
		}
	}
	for _, line := range []string{"", "a b", "@sha256:12", "-x", "registry.example/UPPER:x"} {
		if got, err := against.Parse(beside, line); err == nil {
			t.Errorf("%q is %s", line, got)
		}
	}
}
