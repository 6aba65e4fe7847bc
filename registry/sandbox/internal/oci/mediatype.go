// Package oci holds the few wire types of image-spec 1.1 and of Docker's
// schema 2 that the sandbox writes and reads. It may import std only.
package oci

import "strings"

// Media types of image-spec 1.1, Docker registry 2 and the artifacts the
// sandbox knows by name.
const (
	MediaManifest      = "application/vnd.oci.image.manifest.v1+json"
	MediaIndex         = "application/vnd.oci.image.index.v1+json"
	MediaConfig        = "application/vnd.oci.image.config.v1+json"
	MediaLayer         = "application/vnd.oci.image.layer.v1.tar+gzip"
	MediaEmpty         = "application/vnd.oci.empty.v1+json"
	MediaArtifact      = "application/vnd.oci.artifact.manifest.v1+json"
	MediaDocker        = "application/vnd.docker.distribution.manifest.v2+json"
	MediaDockerList    = "application/vnd.docker.distribution.manifest.list.v2+json"
	MediaDockerConfig  = "application/vnd.docker.container.image.v1+json"
	MediaDockerLayer   = "application/vnd.docker.image.rootfs.diff.tar.gzip"
	MediaDockerForeign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
	MediaSchema1       = "application/vnd.docker.distribution.manifest.v1+prettyjws"
	MediaInToto        = "application/vnd.in-toto+json"
	MediaSPDX          = "application/spdx+json"
	MediaCycloneDX     = "application/vnd.cyclonedx+json"
	MediaCosign        = "application/vnd.dev.cosign.artifact.sig.v1+json"
	MediaSimpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json"
	MediaHelmConfig    = "application/vnd.cncf.helm.config.v1+json"
	MediaHelmChart     = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
)

// IsIndex reports whether a media type is an OCI index or a Docker manifest
// list.
func IsIndex(mediaType string) bool {
	return mediaType == MediaIndex || mediaType == MediaDockerList
}

// IsImage reports whether a media type is an OCI image manifest or a Docker
// schema 2 manifest.
func IsImage(mediaType string) bool {
	return mediaType == MediaManifest || mediaType == MediaDocker
}

// IsForeign reports whether blobs of a media type live elsewhere, so that a
// registry must not ask for them on push.
func IsForeign(mediaType string) bool {
	return mediaType == MediaDockerForeign || strings.Contains(mediaType, ".nondistributable.")
}
