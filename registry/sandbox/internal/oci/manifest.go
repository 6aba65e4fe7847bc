package oci

import "encoding/json"

// Platform is what a child of an index runs on (image-spec 1.1, image index).
type Platform struct {
	Architecture string `json:"architecture"`
	OS           string `json:"os"`
	OSVersion    string `json:"os.version,omitempty"`
	Variant      string `json:"variant,omitempty"`
}

// Descriptor points at content (image-spec 1.1, content descriptors). Size is
// in bytes.
type Descriptor struct {
	MediaType    string            `json:"mediaType"`
	Digest       string            `json:"digest"`
	Size         int64             `json:"size"`
	URLs         []string          `json:"urls,omitempty"`
	Platform     *Platform         `json:"platform,omitempty"`
	ArtifactType string            `json:"artifactType,omitempty"`
	Annotations  map[string]string `json:"annotations,omitempty"`
}

// Manifest is an image manifest (image-spec 1.1) or a Docker schema 2 one.
type Manifest struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType,omitempty"`
	ArtifactType  string            `json:"artifactType,omitempty"`
	Config        Descriptor        `json:"config"`
	Layers        []Descriptor      `json:"layers"`
	Subject       *Descriptor       `json:"subject,omitempty"`
	Annotations   map[string]string `json:"annotations,omitempty"`
}

// Index is an image index (image-spec 1.1) or a Docker manifest list.
type Index struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType,omitempty"`
	ArtifactType  string            `json:"artifactType,omitempty"`
	Manifests     []Descriptor      `json:"manifests"`
	Subject       *Descriptor       `json:"subject,omitempty"`
	Annotations   map[string]string `json:"annotations,omitempty"`
}

// Any is what can be read from a manifest of any kind, known or not.
type Any struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType"`
	ArtifactType  string            `json:"artifactType"`
	Config        *Descriptor       `json:"config"`
	Layers        []Descriptor      `json:"layers"`
	Blobs         []Descriptor      `json:"blobs"`
	Manifests     []Descriptor      `json:"manifests"`
	Subject       *Descriptor       `json:"subject"`
	Annotations   map[string]string `json:"annotations"`
}

// Kind is the artifactType a referrers list shows for the manifest: its own,
// else the media type of its config (distribution-spec 1.1, listing
// referrers).
func (a Any) Kind() string {
	if a.ArtifactType == "" && a.Config != nil {
		return a.Config.MediaType
	}
	return a.ArtifactType
}

// Encode is the JSON of a wire type of this package, none of which can fail
// to encode.
func Encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("oci: encode: " + err.Error())
	}
	return raw
}
