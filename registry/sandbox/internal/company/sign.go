package company

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"time"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/prng"
	"regatta/registry/sandbox/internal/store"
)

// sign pushes the signature of a release and, of late, its SBOMs.
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
	sum := sha256.Sum256([]byte(payload))
	sig, err := signingKey().Sign(nil, sum[:], crypto.SHA256) // without a source of chance, the same every time
	if err != nil {
		panic(err)
	}
	layer.Annotations = map[string]string{
		"dev.cosignproject.cosign/signature": base64.StdEncoding.EncodeToString(sig),
	}
	config := oci.Config{RootFS: oci.RootFS{Type: "layers", DiffIDs: []string{layer.Digest}}}
	return oci.Manifest{
		SchemaVersion: 2, MediaType: oci.MediaManifest, Layers: []oci.Descriptor{layer},
		Config: repo.AddBlob(oci.MediaConfig, oci.Encode(config)),
	}
}

// signingKey is the company's. It signs nothing but what is made up here.
func signingKey() *ecdsa.PrivateKey {
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), prng.New("signing key").Bytes(32))
	if err != nil {
		panic(err)
	}
	return key
}

// PublicKey is the key that verifies the company's signatures, as PEM.
func PublicKey() string {
	raw, err := x509.MarshalPKIXPublicKey(signingKey().Public())
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: raw}))
}

func putArtifact(repo *shelf, m oci.Manifest, at time.Time) string {
	stored := store.NewManifest(oci.MediaManifest, oci.Encode(m), at)
	repo.PutManifest(stored)
	return stored.Digest
}
