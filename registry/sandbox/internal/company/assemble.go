package company

import (
	"time"

	"regatta/registry/sandbox/internal/layer"
	"regatta/registry/sandbox/internal/oci"
	"regatta/registry/sandbox/internal/store"
)

// image is an image ready to be pushed.
type image struct {
	recipe   recipe
	platform oci.Platform
	at       time.Time
	author   string
	docker   bool
}

// assemble pushes an image: layers, config, manifest.
func assemble(repo *shelf, i image) oci.Descriptor {
	manifestType, configType, layerType := oci.MediaManifest, oci.MediaConfig, oci.MediaLayer
	if i.docker {
		manifestType, configType, layerType = oci.MediaDocker, oci.MediaDockerConfig, oci.MediaDockerLayer
	}
	m := oci.Manifest{SchemaVersion: 2, MediaType: manifestType}
	config := oci.Config{
		Created: &i.at, Author: i.author, Architecture: i.platform.Architecture, Variant: i.platform.Variant,
		OS: i.platform.OS, OSVersion: i.platform.OSVersion, Config: i.recipe.config,
		RootFS: oci.RootFS{Type: "layers"},
	}
	for _, s := range i.recipe.steps {
		config.History = append(config.History, oci.History{
			Created: &s.at, CreatedBy: s.by, Comment: "buildkit.dockerfile.v0", EmptyLayer: s.layer == nil,
		})
		if s.layer != nil {
			l := repo.sealed(*s.layer)
			m.Layers = append(m.Layers, putLayer(repo, l, layerType))
			config.RootFS.DiffIDs = append(config.RootFS.DiffIDs, l.Sums.DiffID)
		}
	}
	m.Config = repo.AddBlob(configType, oci.Encode(config))
	stored := store.NewManifest(manifestType, oci.Encode(m), i.at.Add(5*time.Second))
	repo.PutManifest(stored)
	return stored.Descriptor()
}

func putLayer(repo *shelf, l layer.Layer, mediaType string) oci.Descriptor {
	repo.PutBlob(l.Sums.Digest, l)
	return oci.Descriptor{MediaType: mediaType, Digest: l.Sums.Digest, Size: l.Sums.Size}
}
