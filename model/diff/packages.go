package diff

import (
	"strings"

	"regatta/model/sbom"
)

// Packages are those of two bills of materials that differ.
type Packages struct {
	From, To       int // how many each side has
	Added, Removed []sbom.Package
	Changed        []PackageChange
}

// PackageChange is a package in another version, or under another licence.
type PackageChange struct{ From, To sbom.Package }

// Licence reports whether the licence is another one.
func (c PackageChange) Licence() bool { return c.From.Licence != c.To.Licence }

// ComparePackages says how the packages of b differ from those of a: a package is
// known by its type and name. Of one that is there in several versions, those
// versions count that only one side has.
func ComparePackages(a, b []sbom.Package) Packages {
	out := Packages{From: len(a), To: len(b)}
	was, is := byName(a), byName(b)
	for _, name := range order(a, b) {
		gone, came := unshared(was[name], is[name]), unshared(is[name], was[name])
		for len(gone) > 0 && len(came) > 0 {
			out.Changed = append(out.Changed, PackageChange{gone[0], came[0]})
			gone, came = gone[1:], came[1:]
		}
		out.Removed, out.Added = append(out.Removed, gone...), append(out.Added, came...)
	}
	return out
}

func identityOf(p sbom.Package) string { return strings.ToLower(p.Name) + "\x00" + p.Type }

func byName(all []sbom.Package) map[string][]sbom.Package {
	out := map[string][]sbom.Package{}
	for _, p := range all {
		out[identityOf(p)] = append(out[identityOf(p)], p)
	}
	return out
}

// order is every name once, as they come.
func order(lists ...[]sbom.Package) []string {
	var out []string
	seen := map[string]bool{}
	for _, all := range lists {
		for _, p := range all {
			if id := identityOf(p); !seen[id] {
				seen[id] = true
				out = append(out, id)
			}
		}
	}
	return out
}

func unshared(all, others []sbom.Package) []sbom.Package {
	type state struct{ version, licence string }
	has := map[state]int{}
	for _, p := range others {
		has[state{p.Version, p.Licence}]++
	}
	var out []sbom.Package
	for _, p := range all {
		if has[state{p.Version, p.Licence}]--; has[state{p.Version, p.Licence}] < 0 {
			out = append(out, p)
		}
	}
	return out
}
