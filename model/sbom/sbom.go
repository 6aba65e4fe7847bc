// Package sbom is what an image is made of: the packages of a software bill of
// materials, read from SPDX, CycloneDX and Syft documents as a stream. It is pure
// and imports the standard library and its siblings in model.
package sbom

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"regatta/model/finding"
)

// Package is one that an image contains.
type Package struct {
	Name, Version string
	Type          string // of its ecosystem, as in a package URL: deb, npm, golang
	PURL          string // package URL, "" if the document gives none
	Licence       string // an SPDX expression or a name, "" if none is given
}

// Document is what was read of a bill of materials.
type Document struct {
	Format   string // "SPDX 2.3", "CycloneDX 1.6", "Syft"
	Name     string // of what it describes
	Created  time.Time
	Tool     string
	Packages []Package // sorted by name and version, each once
	Left     int       // how many more there are than are kept
}

// sorted puts the packages in order; what is listed twice is kept once.
func (d *Document) sorted() {
	slices.SortFunc(d.Packages, func(a, b Package) int {
		return cmp.Or(
			strings.Compare(a.Name, b.Name), strings.Compare(a.Version, b.Version), strings.Compare(a.Type, b.Type),
			strings.Compare(a.PURL, b.PURL), strings.Compare(a.Licence, b.Licence),
		)
	})
	d.Packages = slices.Clip(slices.Compact(d.Packages))
}

// typeOf is the type of a package URL (purl-spec, components): "" for what is
// none.
func typeOf(purl string) string {
	rest, ok := strings.CutPrefix(purl, "pkg:")
	if !ok {
		return ""
	}
	kind, _, ok := strings.Cut(strings.TrimLeft(rest, "/"), "/")
	if !ok {
		return ""
	}
	return strings.ToLower(kind)
}

// Affected are the findings in each of the packages: of the same name, and of
// the same version where the scanner gives one.
func Affected(packages []Package, all []finding.Finding) map[int][]finding.Finding {
	byName := map[string][]int{}
	for i, p := range packages {
		name := strings.ToLower(p.Name)
		byName[name] = append(byName[name], i)
	}
	out := map[int][]finding.Finding{}
	for _, f := range all {
		for _, in := range f.Packages {
			for _, i := range byName[strings.ToLower(in.Name)] {
				if in.Version == "" || packages[i].Version == "" || sameVersion(in.Version, packages[i].Version) {
					out[i] = append(out[i], f)
				}
			}
		}
	}
	return out
}

// sameVersion lets pass that one of two scanners leaves out the epoch or a
// leading v.
func sameVersion(a, b string) bool {
	plain := func(v string) string {
		if _, rest, ok := strings.Cut(v, ":"); ok {
			v = rest
		}
		return strings.TrimPrefix(v, "v")
	}
	return plain(a) == plain(b)
}
