package image

import "strings"

// Media types that a registry serves (OCI image-spec, media-types.md; Docker
// Image Manifest V2, Schema 1 and 2).
const (
	MediaTypeOCIIndex         = "application/vnd.oci.image.index.v1+json"
	MediaTypeOCIManifest      = "application/vnd.oci.image.manifest.v1+json"
	MediaTypeOCIArtifact      = "application/vnd.oci.artifact.manifest.v1+json"
	MediaTypeOCIConfig        = "application/vnd.oci.image.config.v1+json"
	MediaTypeOCIEmpty         = "application/vnd.oci.empty.v1+json"
	MediaTypeDockerList       = "application/vnd.docker.distribution.manifest.list.v2+json"
	MediaTypeDockerManifest   = "application/vnd.docker.distribution.manifest.v2+json"
	MediaTypeDockerConfig     = "application/vnd.docker.container.image.v1+json"
	MediaTypeDockerSchema1    = "application/vnd.docker.distribution.manifest.v1+json"
	MediaTypeDockerSchema1JWS = "application/vnd.docker.distribution.manifest.v1+prettyjws"
)

// ManifestMediaTypes are all media types of manifests that ParseManifest knows,
// as an Accept header wants them.
func ManifestMediaTypes() []string {
	return []string{
		MediaTypeOCIIndex, MediaTypeOCIManifest, MediaTypeDockerList, MediaTypeDockerManifest,
		MediaTypeOCIArtifact, MediaTypeDockerSchema1JWS, MediaTypeDockerSchema1,
	}
}

// Kind is what a manifest describes.
type Kind uint8

// The kinds of manifest.
const (
	KindUnknown  Kind = iota // not a manifest that this program knows
	KindImage                // a runnable image for one platform
	KindIndex                // a list of manifests, often one a platform
	KindArtifact             // anything else that is stored as a manifest
	KindSchema1              // Docker schema 1, which registries no longer serve for pulls
)

// String is the kind in the field's words.
func (k Kind) String() string {
	return [...]string{"unknown", "image", "index", "artifact", "schema 1"}[k]
}

// KindOf is what a manifest describes as far as media types tell: its own, and
// that of its config or its artifactType, which may be "".
func KindOf(mediaType, artifactType string) Kind {
	switch mediaType {
	case MediaTypeOCIIndex, MediaTypeDockerList:
		return KindIndex
	case MediaTypeOCIArtifact:
		return KindArtifact
	case MediaTypeDockerSchema1, MediaTypeDockerSchema1JWS:
		return KindSchema1
	case MediaTypeOCIManifest, MediaTypeDockerManifest:
		if artifactType == "" || isImageConfig(artifactType) {
			return KindImage
		}
		return KindArtifact
	}
	return KindUnknown
}

func isImageConfig(mediaType string) bool {
	return mediaType == MediaTypeOCIConfig || mediaType == MediaTypeDockerConfig
}

// ShortMediaType takes the well-known prefix and suffix off a media type so
// that it fits a column: "oci.image.manifest.v1".
func ShortMediaType(s string) string {
	s, _ = strings.CutPrefix(s, "application/vnd.")
	s, _ = strings.CutPrefix(s, "application/")
	s, _ = strings.CutSuffix(s, "+json")
	return s
}
