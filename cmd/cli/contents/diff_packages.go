package contents

import (
	"regatta/cmd/cli/output/null"

	"regatta/cmd/cli/output"
	"regatta/model/diff"
	"regatta/model/sbom"
	"regatta/model/text"
)

// PackageChangesJSON is how the packages of two images differ.
type PackageChangesJSON struct {
	From    int                 `json:"from"` // how many there are
	To      int                 `json:"to"`
	Added   []sbomNameJSON      `json:"added"`
	Removed []sbomNameJSON      `json:"removed"`
	Changed []packageChangeJSON `json:"changed"`
}

type sbomNameJSON struct {
	Name    string  `json:"name"`
	Type    *string `json:"type"`
	Version *string `json:"version"`
	Licence *string `json:"licence"`
}

type packageChangeJSON struct {
	Name        string  `json:"name"`
	Type        *string `json:"type"`
	FromVersion *string `json:"fromVersion"`
	ToVersion   *string `json:"toVersion"`
	FromLicence *string `json:"fromLicence"`
	ToLicence   *string `json:"toLicence"`
}

// PackageChanges is how packages differ, nil unless both images have an SBOM.
func PackageChanges(p *diff.Packages) *PackageChangesJSON {
	if p == nil {
		return nil
	}
	out := &PackageChangesJSON{p.From, p.To, packageNames(p.Added), packageNames(p.Removed), []packageChangeJSON{}}
	for _, c := range p.Changed {
		out.Changed = append(out.Changed, packageChangeJSON{
			c.To.Name, null.Of(c.To.Type), null.Of(c.From.Version), null.Of(c.To.Version),
			null.Of(c.From.Licence), null.Of(c.To.Licence),
		})
	}
	return out
}

func packageNames(all []sbom.Package) []sbomNameJSON {
	out := []sbomNameJSON{}
	for _, p := range all {
		out = append(out, sbomNameJSON{p.Name, null.Of(p.Type), null.Of(p.Version), null.Of(p.Licence)})
	}
	return out
}

// writePackages prints packages that differ.
func writePackages(s *output.Sheet, p *diff.Packages) {
	if p == nil {
		return
	}
	s.Line("  packages: " + text.Count(p.From) + " → " + text.Count(p.To))
	g := output.Grid{Header: make([]string, 3)}
	for _, one := range p.Removed {
		g.Add("  - "+one.Name, one.Version, one.Type)
	}
	for _, one := range p.Added {
		g.Add("  + "+one.Name, one.Version, one.Type)
	}
	for _, c := range p.Changed {
		g.Add("  ~ "+c.To.Name, c.From.Version+" → "+c.To.Version, c.To.Type)
	}
	if g.Some() {
		s.Grid(&g)
	}
}
