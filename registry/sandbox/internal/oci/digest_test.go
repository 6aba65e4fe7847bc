package oci_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"regatta/registry/sandbox/internal/oci"
)

// Names and tags are those of the expressions in distribution-spec 1.1.
func TestNamesFollowTheSpec(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$`)
	tag := regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$`)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-bA0._/-]{0,12}|[a-z0-9_.-]{120,130}`).Draw(t, "text")
		if got := oci.IsName(text); got != name.MatchString(text) {
			t.Errorf("IsName(%q) is %v", text, got)
		}
		if got := oci.IsTag(text); got != tag.MatchString(text) {
			t.Errorf("IsTag(%q) is %v", text, got)
		}
	})
}

func TestIsDigest(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		oci.Digest(nil): true,
		oci.DigestLike(nil, "sha512:"+strings.Repeat("0", 128)): true,
		"sha256:" + strings.Repeat("A", 64):                     false,
		"sha256:12":                                             false,
		"md5:" + strings.Repeat("0", 32):                        false,
		"latest":                                                false,
	} {
		if oci.IsDigest(text) != want {
			t.Errorf("IsDigest(%q) is not %v", text, want)
		}
	}
}
