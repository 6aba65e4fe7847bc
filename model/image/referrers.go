package image

import (
	"encoding/json"
	"fmt"

	"regatta/model/ref"
)

// RefNameAnnotation names the tag that a descriptor was found under (OCI
// image-spec, annotations.md).
const RefNameAnnotation = "org.opencontainers.image.ref.name"

// wireReferrers is the index under a fallback tag. What it lists already is
// kept as it is.
type wireReferrers struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType"`
	Manifests     []json.RawMessage `json:"manifests"`
	Annotations   json.RawMessage   `json:"annotations,omitempty"`
}

// AddReferrers is the index of referrers for a fallback tag, with more added to
// those that raw, the index as it is now, lists (distribution-spec, Referrers
// Tag Schema). Empty raw is a tag that is not there yet.
func AddReferrers(raw []byte, more []Manifest) (Manifest, error) {
	w := wireReferrers{SchemaVersion: 2, MediaType: MediaTypeOCIIndex, Manifests: []json.RawMessage{}}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &w); err != nil {
			return Manifest{}, fmt.Errorf("%w: the index under the fallback tag cannot be read", ErrManifest)
		}
	}
	listed := map[ref.Digest]bool{}
	for _, one := range w.Manifests {
		var d Descriptor
		if json.Unmarshal(one, &d) == nil {
			listed[d.Digest] = true
		}
	}
	added := false
	for _, m := range more {
		if listed[m.Digest] {
			continue
		}
		listed[m.Digest] = true
		one, err := json.Marshal(Descriptor{
			MediaType: m.MediaType, ArtifactType: m.ArtifactType, Digest: m.Digest, Size: int64(len(m.Raw)),
			Annotations: m.Annotations,
		})
		if err != nil {
			return Manifest{}, err
		}
		w.Manifests = append(w.Manifests, one)
		added = true
	}
	if !added && len(raw) > 0 {
		return ParseManifest(MediaTypeOCIIndex, raw)
	}
	raw, err := json.Marshal(w)
	if err != nil {
		return Manifest{}, err
	}
	return ParseManifest(MediaTypeOCIIndex, raw)
}
