package company

import (
	"slices"
	"strings"
	"time"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// How many days ago the pipeline learned to do things.
const (
	attestedDays = 540 // BuildKit attestations
	cosignDays   = 620 // signatures under sha256-<hex>.sig tags
	referrerDays = 300 // signatures and SBOMs as referrers
)

// publish pushes the history of a project.
func publish(p project, repo *shelf) {
	l := p.cadence(p)
	digests := make([]string, len(l.builds))
	for n, b := range l.builds {
		digests[n] = pushBuild(p, repo, b)
		sign(p, repo, b, digests[n])
	}
	for _, t := range l.taggings() {
		repo.SetTag(t.name, digests[t.build], t.at)
	}
	pull(l, repo, digests)
	oddities(p, l, repo, digests)
}

// targets are the platforms of a build. Old builds have one unless released,
// and small computers get releases only.
func (p project) targets(b build) []string {
	if p.docker(b.at) && !b.release {
		return p.platforms[:1]
	}
	platforms := slices.Clone(p.platforms)
	if !b.release {
		platforms = slices.DeleteFunc(platforms, func(s string) bool { return strings.HasSuffix(s, "/v7") })
	}
	return append(platforms, b.extra...)
}

// archOf is the architecture of a platform, or "windows".
func archOf(platform string) string {
	parts := strings.Split(platform, "/")
	if parts[0] == "windows" {
		return "windows"
	}
	return parts[1]
}

func platformOf(platform string) *oci.Platform {
	parts := append(strings.Split(platform, "/"), "")
	p := &oci.Platform{OS: parts[0], Architecture: parts[1], Variant: parts[2]}
	if p.OS == "windows" {
		p.OSVersion = "10.0.20348.2762"
	}
	return p
}

// pushBuild pushes the images of a build and returns the digest that tags
// point at: an index, or the only image.
func pushBuild(p project, repo *shelf, b build) string {
	targets := p.targets(b)
	var children []oci.Descriptor
	for _, platform := range targets {
		d := pushImage(p, repo, b, platform)
		d.Platform = platformOf(platform)
		children = append(children, d)
	}
	if len(targets) == 1 {
		return children[0].Digest
	}
	mediaType := oci.MediaDockerList
	var annotations map[string]string
	if !p.docker(b.at) {
		mediaType = oci.MediaIndex
		annotations = map[string]string{
			"org.opencontainers.image.created":  b.at.Format(time.RFC3339),
			"org.opencontainers.image.revision": b.commit.hash,
		}
		if b.at.After(daysAgo(attestedDays)) {
			children = append(children, attest(p, repo, b, children)...)
		}
	}
	m := store.NewManifest(mediaType, oci.Encode(oci.Index{
		SchemaVersion: 2, MediaType: mediaType, Manifests: children, Annotations: annotations,
	}), b.at.Add(8*time.Second))
	if !b.orphan {
		repo.PutManifest(m)
	}
	return m.Digest
}

// pushImage pushes the image of one platform.
func pushImage(p project, repo *shelf, b build, platform string) oci.Descriptor {
	return assemble(repo, image{
		recipe: p.recipe(p, b, archOf(platform)), platform: *platformOf(platform),
		at: b.at, author: b.commit.author + "@shop.example", docker: p.docker(b.at),
	})
}
