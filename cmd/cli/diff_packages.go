package cli

import (
	"regatta/model/diff"
	"regatta/model/sbom"
	"regatta/model/text"
)

type packageChangesJSON struct {
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

func packageChanges(p *diff.Packages) *packageChangesJSON {
	if p == nil {
		return nil
	}
	out := &packageChangesJSON{p.From, p.To, packageNames(p.Added), packageNames(p.Removed), []packageChangeJSON{}}
	for _, c := range p.Changed {
		out.Changed = append(out.Changed, packageChangeJSON{
			c.To.Name, orNull(c.To.Type), orNull(c.From.Version), orNull(c.To.Version),
			orNull(c.From.Licence), orNull(c.To.Licence),
		})
	}
	return out
}

func packageNames(all []sbom.Package) []sbomNameJSON {
	out := []sbomNameJSON{}
	for _, p := range all {
		out = append(out, sbomNameJSON{p.Name, orNull(p.Type), orNull(p.Version), orNull(p.Licence)})
	}
	return out
}

// writePackages prints packages that differ.
func writePackages(s *sheet, p *diff.Packages) {
	if p == nil {
		return
	}
	s.line("  packages: " + text.Count(p.From) + " → " + text.Count(p.To))
	g := grid{header: make([]string, 3)}
	for _, one := range p.Removed {
		g.add("  - "+one.Name, one.Version, one.Type)
	}
	for _, one := range p.Added {
		g.add("  + "+one.Name, one.Version, one.Type)
	}
	for _, c := range p.Changed {
		g.add("  ~ "+c.To.Name, c.From.Version+" → "+c.To.Version, c.To.Type)
	}
	if len(g.rows) > 0 {
		g.write(s.w)
	}
}
