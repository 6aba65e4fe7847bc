package company

import (
	"fmt"
	"strconv"
	"time"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/prng"
)

type spdx struct {
	Version   string        `json:"spdxVersion"`
	ID        string        `json:"SPDXID"`
	Name      string        `json:"name"`
	Namespace string        `json:"documentNamespace"`
	Creation  spdxCreation  `json:"creationInfo"`
	Packages  []spdxPackage `json:"packages"`
}

type spdxCreation struct {
	Created  time.Time `json:"created"`
	Creators []string  `json:"creators"`
}

type spdxPackage struct {
	ID      string    `json:"SPDXID"`
	Name    string    `json:"name"`
	Version string    `json:"versionInfo"`
	License string    `json:"licenseDeclared"`
	Refs    []spdxRef `json:"externalRefs,omitempty"`
}

type spdxRef struct {
	Category string `json:"referenceCategory"`
	Type     string `json:"referenceType"`
	Locator  string `json:"referenceLocator"`
}

type cyclone struct {
	Format     string             `json:"bomFormat"`
	Version    string             `json:"specVersion"`
	Serial     string             `json:"serialNumber"`
	Components []cycloneComponent `json:"components"`
}

type cycloneComponent struct {
	Type     string           `json:"type"`
	Name     string           `json:"name"`
	Version  string           `json:"version"`
	PURL     string           `json:"purl"`
	Licenses []cycloneLicense `json:"licenses,omitempty"`
}

type cycloneLicense struct {
	License struct {
		ID string `json:"id"`
	} `json:"license"`
}

// pushSBOMs pushes an SPDX document and, for the web team, a CycloneDX one.
func pushSBOMs(p project, repo *shelf, b build, of oci.Descriptor) {
	packages := dependencies(p, b)
	document := spdx{
		Version: "SPDX-2.3", ID: "SPDXRef-DOCUMENT", Name: p.name + "@" + b.version,
		Namespace: "https://sbom.shop.example/" + p.name + "/" + b.commit.hash,
		Creation:  spdxCreation{Created: b.at, Creators: []string{"Tool: syft-1.18.0"}},
		Packages:  packages,
	}
	pushSBOM(repo, b, of, oci.MediaSPDX, oci.Encode(document))
	if p.team != "web" {
		return
	}
	bom := cyclone{Format: "CycloneDX", Version: "1.6", Serial: "urn:uuid:" + b.commit.hash[:32]}
	for _, pkg := range packages {
		c := cycloneComponent{
			Type: "library", Name: pkg.Name, Version: pkg.Version, PURL: pkg.Refs[0].Locator,
			Licenses: make([]cycloneLicense, 1),
		}
		c.Licenses[0].License.ID = pkg.License
		bom.Components = append(bom.Components, c)
	}
	pushSBOM(repo, b, of, oci.MediaCycloneDX, oci.Encode(bom))
}

func pushSBOM(repo *shelf, b build, of oci.Descriptor, mediaType string, document []byte) {
	putArtifact(repo, oci.Manifest{
		SchemaVersion: 2, MediaType: oci.MediaManifest, ArtifactType: mediaType, Subject: &of,
		Config:      repo.AddBlob(oci.MediaEmpty, []byte("{}")),
		Layers:      []oci.Descriptor{repo.AddBlob(mediaType, document)},
		Annotations: map[string]string{"org.opencontainers.image.created": b.at.Format(time.RFC3339)},
	}, b.at.Add(2*time.Minute))
}

// dependencies are the packages of a project: those of the system below, and its
// own, which move on with its revisions.
func dependencies(p project, b build) []spdxPackage {
	src := prng.New("dependencies of " + p.name)
	ecosystem := "golang"
	if p.team == "web" {
		ecosystem = "npm"
	}
	all := system()
	for i := range src.Between(24, 60) {
		name := prng.Pick(src, []string{"lib", "go", "node", "py"}) + "-" +
			prng.Pick(src, []string{"codec", "http", "log", "metrics", "queue", "sql", "tls", "yaml"}) + strconv.Itoa(i)
		version := fmt.Sprintf("%d.%d.%d", src.Between(0, 5), src.Between(0, 30), b.code/src.Between(3, 20))
		license := prng.Pick(src, []string{"MIT", "Apache-2.0", "BSD-3-Clause", "MPL-2.0", "ISC"})
		all = append(all, newPackage(name, version, license, "pkg:"+ecosystem+"/"+name+"@"+version))
	}
	for i := range all {
		all[i].ID = fmt.Sprintf("SPDXRef-Package-%d", i)
	}
	return all
}

func newPackage(name, version, license, purl string) spdxPackage {
	return spdxPackage{
		Name: name, Version: version, License: license, Refs: []spdxRef{{"PACKAGE-MANAGER", "purl", purl}},
	}
}

// system is what the base image brings. Scanners have something to say of some.
func system() []spdxPackage {
	var all []spdxPackage
	for _, p := range [][3]string{
		{"base-files", "12.4", "GPL-2.0-or-later"},
		{"bash", "5.2.15-2", "GPL-3.0-or-later"},
		{"ca-certificates", "20230311", "MPL-2.0"},
		{"curl", "7.88.1-10", "curl"},
		{"glibc", "2.36-9", "LGPL-2.1-or-later"},
		{"openssl", "3.0.11-1", "Apache-2.0"},
		{"perl", "5.36.0-7", "Artistic-1.0-Perl OR GPL-1.0-or-later"},
		{"tar", "1.34", "GPL-3.0-or-later"},
		{"tzdata", "2024a", "LicenseRef-public-domain"},
		{"zlib", "1:1.2.13", "Zlib"},
	} {
		all = append(all, newPackage(p[0], p[1], p[2], "pkg:deb/debian/"+p[0]+"@"+p[1]+"?distro=bookworm"))
	}
	return all
}
