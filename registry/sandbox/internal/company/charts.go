package company

import (
	"fmt"
	"time"

	"regatta/registry/sandbox/internal/layer"
	"regatta/registry/sandbox/internal/oci"
)

type chart struct {
	Name        string `json:"name"`
	Version     string `json:"version"`
	Description string `json:"description"`
	APIVersion  string `json:"apiVersion"`
	AppVersion  string `json:"appVersion"`
	Type        string `json:"type"`
}

// chartLedger is the history of the Helm chart.
func chartLedger() *ledger {
	return toolCadence(project{name: "charts/shop", age: 600})
}

func chartFiles(b build) layer.Spec {
	return layer.Spec{Kind: layer.Files, Family: "charts/shop", Rev: b.code, Files: []layer.File{
		{Path: "shop/Chart.yaml", Text: fmt.Sprintf(
			"apiVersion: v2\nname: shop\ndescription: The shop\ntype: application\nversion: %s\nappVersion: %q\n",
			b.version, b.commit.short())},
		{Path: "shop/values.yaml", Text: fmt.Sprintf(
			"image:\n  repository: registry.shop.example/shop/api\n  tag: git-%s\nreplicas: %d\n",
			b.commit.short(), 2+b.code%5)},
		{Path: "shop/templates/deployment.yaml", Text: deployment},
		{Path: "shop/templates/service.yaml", Text: "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\n"},
	}}
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      containers:
        - name: api
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
`

// fillCharts pushes the chart as Helm does: a config that is Chart.yaml as
// JSON and one layer. Helm tags versions only.
func fillCharts(repo *shelf) {
	for _, b := range chartLedger().builds {
		config := chart{
			Name: "shop", Version: b.version, Description: "The shop", APIVersion: "v2",
			AppVersion: b.commit.short(), Type: "application",
		}
		digest := putArtifact(repo, oci.Manifest{
			SchemaVersion: 2, MediaType: oci.MediaManifest,
			Config: repo.AddBlob(oci.MediaHelmConfig, oci.Encode(config)),
			Layers: []oci.Descriptor{putLayer(repo, repo.sealed(chartFiles(b)), oci.MediaHelmChart)},
			Annotations: map[string]string{
				"org.opencontainers.image.title": "shop", "org.opencontainers.image.version": b.version,
				"org.opencontainers.image.created": b.at.Format(time.RFC3339),
			},
		}, b.at)
		repo.SetTag(b.version, digest, b.at)
		repo.MarkPulled(digest, earlier(b.at.Add(9*day), Epoch()))
	}
}
