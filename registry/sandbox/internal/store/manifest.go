package store

import (
	"encoding/json"
	"time"

	"regatta/registry/sandbox/internal/oci"
)

// Manifest is a stored manifest. Raw is shared and never changes.
type Manifest struct {
	Digest    string
	MediaType string
	Raw       []byte
	PushedAt  time.Time
	PulledAt  time.Time // zero: never pulled
	Archive   Archive
	Fields    oci.Any // what could be parsed; zero for foreign formats
}

// Descriptor is the descriptor of the manifest.
func (m Manifest) Descriptor() oci.Descriptor {
	return oci.Descriptor{MediaType: m.MediaType, Digest: m.Digest, Size: int64(len(m.Raw))}
}

// NewManifest parses raw as far as it can be parsed. The digest is sha256.
func NewManifest(mediaType string, raw []byte, pushedAt time.Time) Manifest {
	return parse(Manifest{Digest: oci.Digest(raw), MediaType: mediaType, Raw: raw, PushedAt: pushedAt})
}

func parse(m Manifest) Manifest {
	if err := json.Unmarshal(m.Raw, &m.Fields); err != nil {
		m.Fields = oci.Any{}
	}
	if m.MediaType == "" {
		m.MediaType = m.Fields.MediaType
	}
	return m
}

// Tag is a name for a manifest.
type Tag struct {
	Name     string
	Digest   string
	PushedAt time.Time // when the tag was last moved
	PulledAt time.Time // zero: never pulled by this tag
}
