package diff_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"regatta/model/diff"
	"regatta/model/sbom"
)

func pkg(name, version string) sbom.Package { return sbom.Package{Name: name, Version: version} }

func TestComparePackages(t *testing.T) {
	t.Parallel()
	a := []sbom.Package{pkg("bash", "5"), pkg("curl", "7"), pkg("lib", "1"), pkg("lib", "2"), {Name: "zlib", Version: "1", Licence: "Zlib"}}
	b := []sbom.Package{pkg("curl", "8"), pkg("lib", "2"), pkg("lib", "3"), pkg("perl", "5"), {Name: "zlib", Version: "1", Licence: "MIT"}}
	got := diff.ComparePackages(a, b)
	want := diff.Packages{
		From: 5, To: 5, Removed: []sbom.Package{pkg("bash", "5")}, Added: []sbom.Package{pkg("perl", "5")},
		Changed: []diff.PackageChange{{pkg("curl", "7"), pkg("curl", "8")}, {pkg("lib", "1"), pkg("lib", "3")}, {a[4], b[4]}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if !got.Changed[2].Licence() || got.Changed[0].Licence() {
		t.Error("the licence of zlib is another one")
	}
}

// Taking away what went and adding what came makes one side the other.
func TestComparePackagesProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := func(name string) []sbom.Package {
			return rapid.SliceOf(rapid.Custom(func(t *rapid.T) sbom.Package {
				return pkg(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "name"), rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "version"))
			})).Draw(t, name)
		}
		a, b := some("a"), some("b")
		d := diff.ComparePackages(a, b)
		n := map[sbom.Package]int{}
		for _, p := range a {
			n[p]++
		}
		for _, c := range d.Changed {
			n[c.From]--
			n[c.To]++
		}
		for _, p := range d.Removed {
			n[p]--
		}
		for _, p := range d.Added {
			n[p]++
		}
		for _, p := range b {
			n[p]--
		}
		for p, left := range n {
			if left != 0 {
				t.Fatalf("%+v: %d", p, left)
			}
		}
	})
}
