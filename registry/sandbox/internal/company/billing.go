package company

import (
	"fmt"
	"slices"
	"time"

	"regatta/registry/sandbox/internal/layer"
	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/prng"
	"regatta/registry/sandbox/internal/store"
)

// The releases of the old billing system, and how many days lie between them.
const (
	firstRelease, lastRelease = 34, 45
	releaseDays               = 25
)

func billingAt(number int) time.Time {
	return midnight(725 - (number-firstRelease)*releaseDays).Add(15 * time.Hour)
}

// billingRecipe is an image that no pipeline ever rebuilt on a new base.
func billingRecipe(number int) recipe {
	r := recipe{}
	r.config.Env = []string{"PATH=" + searchPath, "JAVA_OPTS=-Xmx1g", "BILLING_MODE=batch"}
	at := billingAt(number)
	base := at.AddDate(-4, 0, 0)
	r.run(base, "/bin/sh -c #(nop) ADD file:5b1f6f4c in / ",
		layer.Spec{Kind: layer.Debian, Family: "jessie", Arch: "amd64", Rev: 1, Size: 52 * mib})
	r.cmd(base, "/bin/sh")
	r.run(at, "/bin/sh -c apt-get update && apt-get install -y openjdk-8-jre-headless",
		layer.Spec{Kind: layer.Apt, Family: "legacy/billing", Arch: "amd64", Rev: 1, Size: 74 * mib})
	r.run(at, "/bin/sh -c #(nop) COPY dir:9d1c in /opt/billing ",
		layer.Spec{Kind: layer.Binary, Family: "legacy/billing", Arch: "amd64", Rev: number, Size: 31 * mib})
	r.expose(at, "8000/tcp")
	r.cmd(at, "/opt/billing/run.sh")
	return r
}

// fillBilling pushes releases as Docker 1.10 did, the first one as Docker
// 1.9 did.
func fillBilling(repo *shelf) {
	for number := firstRelease; number <= lastRelease; number++ {
		at := billingAt(number)
		tag := fmt.Sprintf("release-%d", number)
		digest := pushSchema1(repo, number)
		if number > firstRelease {
			digest = assemble(repo, image{
				recipe: billingRecipe(number), platform: oci.Platform{OS: "linux", Architecture: "amd64"}, at: at, docker: true,
			}).Digest
		}
		repo.SetTag(tag, digest, at)
		repo.SetTag("stable", digest, at.Add(day))
	}
	repo.MarkPulled("stable", daysAgo(3))
}

type schema1 struct {
	SchemaVersion int             `json:"schemaVersion"`
	Name          string          `json:"name"`
	Tag           string          `json:"tag"`
	Architecture  string          `json:"architecture"`
	FSLayers      []schema1Layer  `json:"fsLayers"`
	History       []schema1Step   `json:"history"`
	Signatures    []schema1Signed `json:"signatures"`
}

type schema1Layer struct {
	BlobSum string `json:"blobSum"`
}

type schema1Step struct {
	V1 string `json:"v1Compatibility"`
}

type schema1Signed struct {
	Header    map[string]string `json:"header"`
	Signature string            `json:"signature"`
	Protected string            `json:"protected"`
}

// pushSchema1 pushes a manifest of the Docker image manifest version 2,
// schema 1, layers newest first. Only the first release is kept as one.
func pushSchema1(repo *shelf, number int) string {
	if number != firstRelease {
		return ""
	}
	m := schema1{SchemaVersion: 1, Name: repo.Name, Tag: fmt.Sprintf("release-%d", number), Architecture: "amd64"}
	for i, s := range slices.Backward(billingRecipe(number).steps) {
		if s.layer == nil {
			continue
		}
		m.FSLayers = append(m.FSLayers, schema1Layer{BlobSum: putLayer(repo, repo.sealed(*s.layer), "").Digest})
		m.History = append(m.History, schema1Step{V1: fmt.Sprintf(
			`{"id":"%064x","created":%q,"container_config":{"Cmd":[%q]},"os":"linux","architecture":"amd64"}`,
			i+1, s.at.Format(time.RFC3339), s.by)})
	}
	src := prng.New("signature of schema 1")
	m.Signatures = []schema1Signed{{
		Header: map[string]string{"alg": "ES256"}, Signature: src.Hex(86), Protected: src.Hex(60),
	}}
	stored := store.NewManifest(oci.MediaSchema1, oci.Encode(m), billingAt(number))
	repo.PutManifest(stored)
	return stored.Digest
}

// specialLayers are the layers of the repositories with a fill of their own.
func specialLayers() []layer.Spec {
	var all []layer.Spec
	for _, b := range chartLedger().builds {
		all = append(all, chartFiles(b))
	}
	for number := firstRelease; number <= lastRelease; number++ {
		for _, s := range billingRecipe(number).steps {
			if s.layer != nil {
				all = append(all, *s.layer)
			}
		}
	}
	return all
}
