package sandbox

import (
	"fmt"
	"strings"
	"time"

	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// Image is an image to push behind the registry's back.
type Image struct {
	Platform    string            // "os/architecture[/variant]"; "" is linux/amd64
	Docker      bool              // Docker schema 2 media types instead of OCI
	Created     time.Time         // in the config; zero leaves it out
	Layers      []string          // content of each layer, lowest first; any bytes will do
	DiffIDs     []string          // digests of the uncompressed layers; none: as they are
	History     []string          // created_by of each layer; more than layers are empty steps
	Env         []string          // NAME=value
	Labels      map[string]string // of the config
	Annotations map[string]string // of the manifest
	Entrypoint  []string
	LayerType   string // media type of the layers; "" is the usual
}

// Artifact is an artifact manifest to push behind the registry's back.
type Artifact struct {
	Type        string // artifactType
	Subject     string // digest that it refers to, "" for none; need not exist
	MediaType   string // of the layer
	Content     string // of the layer
	Annotations map[string]string
}

// PushImage stores an image with its blobs and returns its digest.
func (rg *Registry) PushImage(repository string, image Image) string {
	repo := rg.store.Ensure(repository)
	manifestType, configType, layerType := oci.MediaManifest, oci.MediaConfig, oci.MediaLayer
	if image.Docker {
		manifestType, configType, layerType = oci.MediaDocker, oci.MediaDockerConfig, oci.MediaDockerLayer
	}
	m := oci.Manifest{SchemaVersion: 2, MediaType: manifestType, Annotations: image.Annotations}
	m.Layers = []oci.Descriptor{}
	config := image.config()
	if image.LayerType != "" {
		layerType = image.LayerType
	}
	for _, content := range image.Layers {
		layer := repo.AddBlob(layerType, []byte(content))
		m.Layers = append(m.Layers, layer)
		config.RootFS.DiffIDs = append(config.RootFS.DiffIDs, oci.DiffID([]byte(content)))
	}
	if len(image.DiffIDs) > 0 {
		config.RootFS.DiffIDs = image.DiffIDs
	}
	m.Config = repo.AddBlob(configType, oci.Encode(config))
	return rg.put(repo, manifestType, m)
}

func (image Image) config() oci.Config {
	config := oci.Config{
		OS: "linux", Architecture: "amd64", RootFS: oci.RootFS{Type: "layers", DiffIDs: []string{}},
		Config: oci.Runtime{Env: image.Env, Labels: image.Labels, Entrypoint: image.Entrypoint},
	}
	if !image.Created.IsZero() {
		config.Created = &image.Created
	}
	if image.Platform != "" {
		p := parsePlatform(image.Platform)
		config.OS, config.Architecture, config.Variant = p.OS, p.Architecture, p.Variant
	}
	for i, step := range image.History {
		config.History = append(config.History, oci.History{CreatedBy: step, EmptyLayer: i >= len(image.Layers)})
	}
	return config
}

func parsePlatform(text string) oci.Platform {
	parts := append(strings.SplitN(text, "/", 3), "", "")
	return oci.Platform{OS: parts[0], Architecture: parts[1], Variant: parts[2]}
}

// PushIndex stores an index of manifests that are there and returns its
// digest. The children's platforms come from their configs.
func (rg *Registry) PushIndex(repository string, children ...string) string {
	repo := rg.store.Ensure(repository)
	index := oci.Index{SchemaVersion: 2, MediaType: oci.MediaIndex, Manifests: []oci.Descriptor{}}
	for _, digest := range children {
		child, ok := repo.Manifest(digest)
		if !ok {
			panic(fmt.Sprintf("sandbox: no manifest %s in %s", digest, repository))
		}
		d := child.Descriptor()
		d.Platform = platformOf(repo, child)
		index.Manifests = append(index.Manifests, d)
	}
	return rg.put(repo, oci.MediaIndex, index)
}

// PushArtifact stores an artifact manifest with an empty config and returns
// its digest.
func (rg *Registry) PushArtifact(repository string, a Artifact) string {
	repo := rg.store.Ensure(repository)
	m := oci.Manifest{
		SchemaVersion: 2, MediaType: oci.MediaManifest, ArtifactType: a.Type, Annotations: a.Annotations,
		Config: repo.AddBlob(oci.MediaEmpty, []byte("{}")),
		Layers: []oci.Descriptor{repo.AddBlob(a.MediaType, []byte(a.Content))},
	}
	if a.Subject != "" {
		subject := oci.Descriptor{MediaType: oci.MediaManifest, Digest: a.Subject}
		if s, ok := repo.Manifest(a.Subject); ok {
			subject = s.Descriptor()
		}
		m.Subject = &subject
	}
	return rg.put(repo, oci.MediaManifest, m)
}

// PushRaw stores a manifest as it is, with no check at all, and returns its
// digest.
func (rg *Registry) PushRaw(repository, mediaType string, raw []byte) string {
	m := store.NewManifest(mediaType, raw, rg.now())
	rg.store.Ensure(repository).PutManifest(m)
	return m.Digest
}

func (rg *Registry) put(repo *store.Repository, mediaType string, body any) string {
	m := store.NewManifest(mediaType, oci.Encode(body), rg.now())
	repo.PutManifest(m)
	return m.Digest
}
