package image

import (
	"encoding/base64"
	"encoding/json"

	"regatta/model/ref"
)

// Verify reports whether the manifest's bytes are what d promises. A signed
// manifest of schema 1 is known by the digest of what its signatures cover, not
// of the bytes that are served.
func (m Manifest) Verify(d ref.Digest) error {
	err := d.Verify(m.Raw)
	if err == nil || m.Kind != KindSchema1 {
		return err
	}
	if payload, ok := schema1Payload(m.Raw); ok && d.Verify(payload) == nil {
		return nil
	}
	return err
}

// schema1Payload is what the signatures of a manifest of schema 1 cover: its
// beginning, with an end that each of them repeats (distribution, spec for
// manifest v2 schema 1, section Signed Manifests). All must agree.
func schema1Payload(raw []byte) ([]byte, bool) {
	var w struct {
		Signatures []struct {
			Protected string `json:"protected"`
		} `json:"signatures"`
	}
	if json.Unmarshal(raw, &w) != nil || len(w.Signatures) == 0 {
		return nil, false
	}
	var payload []byte
	for i, s := range w.Signatures {
		one, ok := coveredBy(s.Protected, raw)
		if !ok || i > 0 && string(one) != string(payload) {
			return nil, false
		}
		payload = one
	}
	return payload, true
}

func coveredBy(protected string, raw []byte) ([]byte, bool) {
	var header struct {
		Length int    `json:"formatLength"`
		Tail   string `json:"formatTail"`
	}
	decoded, err := base64.RawURLEncoding.DecodeString(protected)
	if err != nil || json.Unmarshal(decoded, &header) != nil {
		return nil, false
	}
	tail, err := base64.RawURLEncoding.DecodeString(header.Tail)
	if err != nil || header.Length <= 0 || header.Length > len(raw) {
		return nil, false
	}
	return append(append([]byte{}, raw[:header.Length]...), tail...), true
}
