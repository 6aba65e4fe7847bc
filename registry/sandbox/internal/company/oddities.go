package company

import (
	"time"

	"regatta/registry/sandbox/internal/layer"
	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// oddities are the things that went wrong or were done only once.
func oddities(p project, l *ledger, repo *shelf, digests []string) {
	switch p.name {
	case "edge/proxy":
		nest(l, repo, digests)
	case "tools/backup":
		breakIndex(repo, digests[len(digests)/3])
	}
}

// nest pushes an index of indexes.
func nest(l *ledger, repo *shelf, digests []string) {
	index := oci.Index{SchemaVersion: 2, MediaType: oci.MediaIndex}
	for n := len(digests) - 1; n >= 0 && len(index.Manifests) < 2; n-- {
		if m, ok := repo.Manifest(digests[n]); ok && l.builds[n].release && oci.IsIndex(m.MediaType) {
			index.Manifests = append(index.Manifests, m.Descriptor())
		}
	}
	at := Epoch().Add(-60 * time.Hour)
	m := store.NewManifest(oci.MediaIndex, oci.Encode(index), at)
	repo.PutManifest(m)
	repo.SetTag("bundle", m.Digest, at)
}

// breakIndex loses the second child of an index.
func breakIndex(repo *shelf, digest string) {
	if m, ok := repo.Manifest(digest); ok && len(m.Fields.Manifests) > 1 {
		repo.DeleteManifest(m.Fields.Manifests[1].Digest)
	}
}

// windowsRecipe is the one image that was ever built for Windows.
func windowsRecipe(p project, b build) recipe {
	r := recipe{}
	at := b.at.Add(-6 * time.Minute)
	r.run(at, "Apply image 10.0.20348.2762",
		layer.Spec{Kind: layer.Windows, Family: "nanoserver", Arch: "amd64", Rev: 1, Size: 96 * mib})
	r.workdir(at, `C:\app`)
	r.label(at, p.labels(b))
	r.run(at.Add(time.Minute), "COPY /out/ /app/ # buildkit",
		layer.Spec{Kind: layer.Binary, Family: p.name, Arch: "windows", Rev: b.code, Size: p.size})
	r.user(at.Add(time.Minute), "ContainerUser")
	r.entrypoint(at.Add(time.Minute), `C:\app\migrate.exe`)
	return r
}
