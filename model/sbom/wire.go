package sbom

import "strings"

// spdxPackage is a package of SPDX 2 (SPDX specification 2.3, clause 7).
type spdxPackage struct {
	Name      string `json:"name"`
	Version   string `json:"versionInfo"`
	Concluded string `json:"licenseConcluded"`
	Declared  string `json:"licenseDeclared"`
	Refs      []struct {
		Type    string `json:"referenceType"`
		Locator string `json:"referenceLocator"`
	} `json:"externalRefs"`
}

func (p spdxPackage) pkg() Package {
	out := Package{Name: p.Name, Version: p.Version, Licence: said(p.Concluded)}
	if out.Licence == "" {
		out.Licence = said(p.Declared)
	}
	for _, r := range p.Refs {
		if r.Type == "purl" && out.PURL == "" {
			out.PURL = r.Locator
		}
	}
	return out
}

// said is empty for what SPDX has in the place of nothing.
func said(s string) string {
	if s == "NOASSERTION" || s == "NONE" {
		return ""
	}
	return s
}

// spdx3Node is an element of SPDX 3 (SPDX specification 3.0, Software profile).
type spdx3Node struct {
	Type    string `json:"type"`
	Name    string `json:"name"`
	Version string `json:"software_packageVersion"`
	PURL    string `json:"software_packageUrl"`
}

func (w *walk) addNode(n spdx3Node) {
	switch n.Type {
	case "software_Package":
		w.add(Package{Name: n.Name, Version: n.Version, PURL: n.PURL})
	case "SpdxDocument":
		w.doc.Name = clip(n.Name)
	}
}

// component is one of CycloneDX (CycloneDX 1.6, components), with those inside
// it.
type component struct {
	Type     string `json:"type"`
	Group    string `json:"group"`
	Name     string `json:"name"`
	Version  string `json:"version"`
	PURL     string `json:"purl"`
	Licenses []struct {
		License    struct{ ID, Name string } `json:"license"`
		Expression string                    `json:"expression"`
	} `json:"licenses"`
	Components []component `json:"components"`
}

func (w *walk) addComponent(c component) {
	if c.Type != "file" {
		name := c.Name
		if c.Group != "" {
			name = c.Group + "/" + name
		}
		var licences []string
		for _, l := range c.Licenses {
			for _, s := range []string{l.Expression, l.License.ID, l.License.Name} {
				if s != "" {
					licences = append(licences, s)
					break
				}
			}
		}
		w.add(Package{Name: name, Version: c.Version, PURL: c.PURL, Licence: strings.Join(licences, " AND ")})
	}
	for _, inner := range c.Components {
		w.addComponent(inner)
	}
}

// syftArtifact is one of Syft's own documents (anchore/syft, schema/json).
type syftArtifact struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Type     string `json:"type"`
	PURL     string `json:"purl"`
	Licenses []any  `json:"licenses"` // texts, or objects with a value
}

func (a syftArtifact) pkg() Package {
	var licences []string
	for _, l := range a.Licenses {
		s, _ := l.(string)
		if m, ok := l.(map[string]any); ok {
			s, _ = m["value"].(string)
		}
		if s != "" {
			licences = append(licences, s)
		}
	}
	return Package{Name: a.Name, Version: a.Version, Type: a.Type, PURL: a.PURL, Licence: strings.Join(licences, " AND ")}
}
