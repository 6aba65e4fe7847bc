package company

import (
	"strings"
	"time"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// statement is an in-toto statement, v0.1, as BuildKit writes it.
type statement struct {
	Type          string    `json:"_type"`
	PredicateType string    `json:"predicateType"`
	Subject       []subject `json:"subject"`
	Predicate     any       `json:"predicate"`
}

type subject struct {
	Name   string            `json:"name"`
	Digest map[string]string `json:"digest"`
}

type provenance struct {
	Builder    map[string]string `json:"builder"`
	BuildType  string            `json:"buildType"`
	Invocation invocation        `json:"invocation"`
	Materials  []material        `json:"materials"`
	Metadata   metadata          `json:"metadata"`
}

type invocation struct {
	Source     configSource `json:"configSource"`
	Parameters parameters   `json:"parameters"`
}

type configSource struct {
	Entry string `json:"entryPoint"`
}

type parameters struct {
	Frontend string            `json:"frontend"`
	Args     map[string]string `json:"args"`
}

type material struct {
	URI    string            `json:"uri"`
	Digest map[string]string `json:"digest"`
}

type metadata struct {
	InvocationID string    `json:"buildInvocationID"`
	Started      time.Time `json:"buildStartedOn"`
	Finished     time.Time `json:"buildFinishedOn"`
	BuildKit     buildKit  `json:"https://mobyproject.org/buildkit@v1#metadata"`
}

type buildKit struct {
	VCS map[string]string `json:"vcs"`
}

const slsa = "https://slsa.dev/provenance/v0.2"

// attest pushes a provenance attestation for each image, the way BuildKit
// hides them in an index: a child for no platform that names its image in an
// annotation.
func attest(p project, repo *shelf, b build, images []oci.Descriptor) []oci.Descriptor {
	all := make([]oci.Descriptor, 0, len(images))
	for _, image := range images {
		content := oci.Encode(statement{
			Type: "https://in-toto.io/Statement/v0.1", PredicateType: slsa,
			Subject: []subject{{
				Name:   "pkg:docker/" + p.name + "@" + b.commit.short() + "?platform=" + image.Platform.Architecture,
				Digest: digestSet(image.Digest),
			}},
			Predicate: p.provenance(b),
		})
		all = append(all, pushAttestation(repo, content, image.Digest, b.at.Add(7*time.Second)))
	}
	return all
}

func pushAttestation(repo *shelf, content []byte, of string, at time.Time) oci.Descriptor {
	d := repo.AddBlob(oci.MediaInToto, content)
	config := oci.Config{
		Architecture: "unknown", OS: "unknown", RootFS: oci.RootFS{Type: "layers", DiffIDs: []string{d.Digest}},
	}
	d.Annotations = map[string]string{"in-toto.io/predicate-type": slsa}
	m := store.NewManifest(oci.MediaManifest, oci.Encode(oci.Manifest{
		SchemaVersion: 2, MediaType: oci.MediaManifest, Layers: []oci.Descriptor{d},
		Config: repo.AddBlob(oci.MediaConfig, oci.Encode(config)),
	}), at)
	repo.PutManifest(m)
	child := m.Descriptor()
	child.Platform = &oci.Platform{Architecture: "unknown", OS: "unknown"}
	child.Annotations = map[string]string{
		"vnd.docker.reference.type":   "attestation-manifest",
		"vnd.docker.reference.digest": of,
	}
	return child
}

func (p project) provenance(b build) provenance {
	source := "https://git.shop.example/" + p.name
	base := p.base
	if base == "" {
		base = "docker.io/library/debian"
	}
	return provenance{
		Builder:   map[string]string{"id": "https://ci.shop.example/runners/buildkit"},
		BuildType: "https://mobyproject.org/buildkit@v1",
		Materials: []material{{
			URI: "pkg:docker/" + base + "@latest", Digest: map[string]string{"sha256": b.commit.hash + b.commit.hash[:24]},
		}},
		Invocation: invocation{
			Source: configSource{Entry: "Dockerfile"},
			Parameters: parameters{
				Frontend: "dockerfile.v0",
				Args: map[string]string{
					"build-arg:VERSION": b.version, "build-arg:COMMIT": b.commit.short(), "target": "release",
				},
			},
		},
		Metadata: metadata{
			InvocationID: "run-" + b.commit.short(), Started: b.at.Add(-4 * time.Minute), Finished: b.at,
			BuildKit: buildKit{VCS: map[string]string{"source": source, "revision": b.commit.hash}},
		},
	}
}

func digestSet(digest string) map[string]string {
	algorithm, encoded, _ := strings.Cut(digest, ":")
	return map[string]string{algorithm: encoded}
}
