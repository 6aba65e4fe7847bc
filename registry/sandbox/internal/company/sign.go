package company

import (
	"encoding/base64"
	"fmt"
	"time"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/prng"
	"regatta/registry/sandbox/internal/store"
)

// sign pushes the signature of a release and, of late, its SBOMs. Signatures
// are well-formed and verify nothing.
func sign(p project, repo *shelf, b build, digest string) {
	if !p.signed || !b.release || b.orphan {
		return
	}
	signed, ok := repo.Manifest(digest)
	if !ok {
		return
	}
	at := b.at.Add(90 * time.Second)
	switch {
	case b.at.After(daysAgo(referrerDays)):
		subject := signed.Descriptor()
		m := signature(p, repo, digest)
		m.ArtifactType, m.Subject = oci.MediaCosign, &subject
		putArtifact(repo, m, at)
		pushSBOMs(p, repo, b, subject)
	case b.at.After(daysAgo(cosignDays)):
		stored := putArtifact(repo, signature(p, repo, digest), at)
		repo.SetTag(store.FallbackTag(digest)+".sig", stored, at)
	}
}

// signature is a signature manifest as cosign lays it out.
func signature(p project, repo *shelf, digest string) oci.Manifest {
	payload := fmt.Sprintf(`{"critical":{"identity":{"docker-reference":%q},"image":{"docker-manifest-digest":%q},`+
		`"type":"cosign container image signature"},"optional":null}`, "registry.shop.example/"+p.name, digest)
	layer := repo.AddBlob(oci.MediaSimpleSigning, []byte(payload))
	layer.Annotations = map[string]string{
		"dev.cosignproject.cosign/signature": base64.StdEncoding.EncodeToString(prng.New(digest).Bytes(71)),
	}
	config := oci.Config{RootFS: oci.RootFS{Type: "layers", DiffIDs: []string{layer.Digest}}}
	return oci.Manifest{
		SchemaVersion: 2, MediaType: oci.MediaManifest, Layers: []oci.Descriptor{layer},
		Config: repo.AddBlob(oci.MediaConfig, oci.Encode(config)),
	}
}

func putArtifact(repo *shelf, m oci.Manifest, at time.Time) string {
	stored := store.NewManifest(oci.MediaManifest, oci.Encode(m), at)
	repo.PutManifest(stored)
	return stored.Digest
}
