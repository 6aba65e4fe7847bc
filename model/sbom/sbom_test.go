package sbom_test

import (
	"strings"
	"testing"

	"regatta/model/finding"
	"regatta/model/sbom"
)

func TestAffected(t *testing.T) {
	t.Parallel()
	packages := []sbom.Package{{Name: "curl", Version: "7.88.1-10"}, {Name: "OpenSSL", Version: "1:3.0.11"}, {Name: "zlib"}, {Name: "perl", Version: "5"}}
	of := func(name, in, version string) finding.Finding {
		return finding.Finding{Name: name, Packages: []finding.Package{{Name: in, Version: version}}}
	}
	got := sbom.Affected(packages, []finding.Finding{
		of("A", "curl", "7.88.1-10"), of("B", "openssl", "3.0.11"), of("C", "zlib", "1"), of("D", "perl", "6"), of("E", "none", ""),
		of("F", "curl", ""),
	})
	names := func(i int) string {
		var out []string
		for _, f := range got[i] {
			out = append(out, f.Name)
		}
		return strings.Join(out, "")
	}
	for i, want := range []string{"AF", "B", "C", ""} {
		if names(i) != want {
			t.Errorf("%s has %q, want %q", packages[i].Name, names(i), want)
		}
	}
}
