// Package image holds what a registry stores: manifests, indexes, configs,
// layers and platforms, and the logical image that folds them into one row. It
// imports the standard library and its siblings ref and text. All text in its
// values is safe for a terminal; Raw is what the registry sent.
package image

import (
	"encoding/json"
	"errors"
	"fmt"

	"regatta/model/redact"
	"regatta/model/ref"
)

// Manifest is a parsed manifest of any kind. Children are the manifests of an
// index; Config and Layers belong to images and artifacts.
type Manifest struct {
	Kind         Kind
	MediaType    string
	ArtifactType string
	Digest       ref.Digest
	Config       Descriptor
	Layers       []Descriptor
	Children     []Descriptor
	Subject      *Descriptor
	Annotations  map[string]string
	Raw          []byte
}

// ErrManifest is what ParseManifest's errors wrap.
var ErrManifest = errors.New("not a manifest")

type wireManifest struct {
	SchemaVersion int                 `json:"schemaVersion"`
	MediaType     string              `json:"mediaType"`
	ArtifactType  string              `json:"artifactType"`
	Config        *Descriptor         `json:"config"`
	Layers        bounded[Descriptor] `json:"layers"`
	Blobs         bounded[Descriptor] `json:"blobs"`
	Manifests     bounded[Descriptor] `json:"manifests"`
	Subject       *Descriptor         `json:"subject"`
	Annotations   map[string]string   `json:"annotations"`
	FSLayers      json.RawMessage     `json:"fsLayers"`
}

// ParseManifest reads a manifest. The media type is the registry's word for it
// (Content-Type); what the manifest says of itself wins, as a generic or absent
// Content-Type is common. Unknown kinds parse as KindUnknown without an error;
// text that is not a JSON object is an error.
func ParseManifest(mediaType string, raw []byte) (Manifest, error) {
	var w wireManifest
	if err := json.Unmarshal(raw, &w); err != nil {
		return Manifest{}, fmt.Errorf("%w: %s", ErrManifest, redact.Line(err.Error()))
	}
	if w.MediaType == "" {
		w.MediaType = mediaType
	}
	m := Manifest{
		MediaType: cleanValue(w.MediaType), ArtifactType: cleanValue(w.ArtifactType),
		Digest: ref.DigestOf(raw), Raw: raw, Annotations: cleanMap(w.Annotations),
	}
	m.Kind = w.kind()
	if payload, ok := schema1Payload(raw); ok && m.Kind == KindSchema1 {
		m.Digest = ref.DigestOf(payload)
	}
	if w.Config != nil {
		m.Config = w.Config.cleaned()
	}
	m.Layers = cleanDescriptors(append(w.Layers, w.Blobs...))
	m.Children = cleanDescriptors(w.Manifests)
	if w.Subject != nil {
		s := w.Subject.cleaned()
		m.Subject = &s
	}
	if m.ArtifactType == "" && m.Kind == KindArtifact {
		m.ArtifactType = m.Config.MediaType
	}
	return m, nil
}

func (w *wireManifest) kind() Kind {
	switch w.MediaType {
	case MediaTypeOCIIndex, MediaTypeDockerList:
		return KindIndex
	case MediaTypeOCIArtifact:
		return KindArtifact
	case MediaTypeDockerSchema1, MediaTypeDockerSchema1JWS:
		return KindSchema1
	case MediaTypeOCIManifest, MediaTypeDockerManifest:
		return w.imageOrArtifact()
	}
	return w.kindByShape()
}

func (w *wireManifest) kindByShape() Kind {
	switch {
	case w.SchemaVersion == 1 && w.FSLayers != nil:
		return KindSchema1
	case w.SchemaVersion == 2 && w.Manifests != nil:
		return KindIndex
	case w.SchemaVersion == 2 && w.Config != nil:
		return w.imageOrArtifact()
	}
	return KindUnknown
}

func (w *wireManifest) imageOrArtifact() Kind {
	if w.Config != nil && isImageConfig(w.Config.MediaType) && w.ArtifactType == "" {
		return KindImage
	}
	return KindArtifact
}

func cleanDescriptors(in []Descriptor) []Descriptor {
	if len(in) == 0 {
		return nil
	}
	out := make([]Descriptor, len(in))
	for i, d := range in {
		out[i] = d.cleaned()
	}
	return out
}

// Size is the bytes of config and layers together, each distinct blob counted
// once. For an index it is 0: its size is its children's.
func (m Manifest) Size() int64 {
	var s Sum
	s.Add(m)
	return s.Bytes()
}

// Blobs are the config and the layers, each once, that are in the registry.
func (m Manifest) Blobs() []Descriptor {
	var out []Descriptor
	seen := map[ref.Digest]bool{}
	for _, d := range append([]Descriptor{m.Config}, m.Layers...) {
		if d.Digest == "" || d.IsForeign() || seen[d.Digest] {
			continue
		}
		seen[d.Digest] = true
		out = append(out, d)
	}
	return out
}
