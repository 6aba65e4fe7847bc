package image_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"regatta/model/image"
	"regatta/model/ref"
)

// signed1 is a manifest of schema 1 as docker signed them: the signatures stand
// before the end, and repeat it.
func signed1(signatures ...string) []byte {
	return []byte(strings.TrimSuffix(payload1, "\n}") + ",\n   \"signatures\": [" + strings.Join(signatures, ",") + "]\n}")
}

func signature1(length int, tail string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return fmt.Sprintf(`{"header":{"alg":"ES256"},"signature":"AA","protected":%q}`,
		enc(fmt.Appendf(nil, `{"formatLength":%d,"formatTail":%q,"time":"2015-01-01T00:00:00Z"}`, length, enc([]byte(tail)))))
}

const payload1 = "{\n   \"schemaVersion\": 1,\n   \"name\": \"a\",\n   \"fsLayers\": [{\"blobSum\": \"sha256:x\"}]\n}"

func TestSchema1IsVerifiedByWhatItsSignaturesCover(t *testing.T) {
	t.Parallel()
	good := signature1(len(payload1)-2, "\n}")
	want := ref.DigestOf([]byte(payload1))
	for name, tt := range map[string]struct {
		raw []byte
		of  ref.Digest
		ok  bool
	}{
		"signed":              {signed1(good), want, true},
		"signed twice":        {signed1(good, good), want, true},
		"not signed":          {[]byte(payload1), want, true},
		"by its own bytes":    {signed1(good), ref.DigestOf(signed1(good)), true},
		"any digest":          {signed1(good), ref.DigestOf([]byte("x")), false},
		"another layer":       {[]byte(strings.Replace(string(signed1(good)), "sha256:x", "sha256:y", 1)), want, false},
		"signatures disagree": {signed1(good, signature1(5, "}")), want, false},
		"no length":           {signed1(signature1(0, payload1)), want, false},
		"too long":            {signed1(signature1(1<<30, "}")), want, false},
		"no header":           {signed1(`{"protected":"?"}`), want, false},
	} {
		m, err := image.ParseManifest(image.MediaTypeDockerSchema1JWS, tt.raw)
		if err != nil || m.Kind != image.KindSchema1 {
			t.Errorf("%s: %v, %v", name, m.Kind, err)
		}
		if err := m.Verify(tt.of); (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Other kinds are what their bytes are.
	raw := []byte(strings.Replace(string(signed1(good)), `"schemaVersion": 1`, `"schemaVersion": 2`, 1))
	m, err := image.ParseManifest(image.MediaTypeDockerManifest, raw)
	if err != nil || m.Verify(want) == nil {
		t.Errorf("%v: verified, %v", m.Kind, err)
	}
}

// A tag whose registry does not tell the digest has that of the payload.
func TestDigestOfSchema1(t *testing.T) {
	t.Parallel()
	raw := signed1(signature1(len(payload1)-2, "\n}"))
	if m, _ := image.ParseManifest("", raw); m.Digest != ref.DigestOf([]byte(payload1)) {
		t.Error(m.Digest)
	}
	if m, _ := image.ParseManifest("", []byte(payload1)); m.Digest != ref.DigestOf([]byte(payload1)) {
		t.Error(m.Digest)
	}
}
