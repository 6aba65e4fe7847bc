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
	ID      string `json:"SPDXID"`
	Name    string `json:"name"`
	Version string `json:"versionInfo"`
	License string `json:"licenseDeclared"`
}

type cyclone struct {
	Format     string             `json:"bomFormat"`
	Version    string             `json:"specVersion"`
	Serial     string             `json:"serialNumber"`
	Components []cycloneComponent `json:"components"`
}

type cycloneComponent struct {
	Type    string `json:"type"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl"`
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
		bom.Components = append(bom.Components, cycloneComponent{
			Type: "library", Name: pkg.Name, Version: pkg.Version, PURL: "pkg:npm/" + pkg.Name + "@" + pkg.Version,
		})
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

// dependencies draws the packages of a project; they move on with its
// revisions.
func dependencies(p project, b build) []spdxPackage {
	src := prng.New("dependencies of " + p.name)
	all := make([]spdxPackage, src.Between(24, 60))
	for i := range all {
		name := prng.Pick(src, []string{"lib", "go", "node", "py"}) + "-" +
			prng.Pick(src, []string{"codec", "http", "log", "metrics", "queue", "sql", "tls", "yaml"}) + strconv.Itoa(i)
		all[i] = spdxPackage{
			ID: fmt.Sprintf("SPDXRef-Package-%d", i), Name: name,
			Version: fmt.Sprintf("%d.%d.%d", src.Between(0, 5), src.Between(0, 30), b.code/src.Between(3, 20)),
			License: prng.Pick(src, []string{"MIT", "Apache-2.0", "BSD-3-Clause", "MPL-2.0", "ISC"}),
		}
	}
	return all
}
