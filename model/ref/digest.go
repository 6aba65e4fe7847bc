package ref

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"strings"
)

// Digest is a content address, "algorithm:hex" (OCI image-spec, descriptor,
// section Digests). The empty Digest means that it is not known.
type Digest string

// ParseDigest accepts sha256 and sha512 digests in their canonical form.
func ParseDigest(s string) (Digest, error) {
	alg, sum, ok := strings.Cut(s, ":")
	if !ok {
		return "", invalid("digest", s, "want algorithm:hex")
	}
	want := map[string]int{"sha256": 64, "sha512": 128}[alg]
	if want == 0 {
		return "", invalid("digest", s, "want sha256 or sha512")
	}
	if len(sum) != want {
		return "", invalid("digest", s, fmt.Sprintf("want %d hex digits, have %d", want, len(sum)))
	}
	if strings.Trim(sum, "0123456789abcdef") != "" {
		return "", invalid("digest", s, "want lower-case hex digits")
	}
	return Digest(s), nil
}

// DigestOf is the sha256 digest of raw.
func DigestOf(raw []byte) Digest {
	sum := sha256.Sum256(raw)
	return Digest("sha256:" + hex.EncodeToString(sum[:]))
}

// Hex is the part after the algorithm.
func (d Digest) Hex() string {
	_, sum, _ := strings.Cut(string(d), ":")
	return sum
}

// Short is the first twelve hex digits, enough to tell images apart by eye.
func (d Digest) Short() string {
	h := d.Hex()
	return h[:min(12, len(h))]
}

// Verify reports whether raw has digest d.
func (d Digest) Verify(raw []byte) error {
	got := DigestOf(raw)
	if strings.HasPrefix(string(d), "sha512:") {
		sum := sha512.Sum512(raw)
		got = Digest("sha512:" + hex.EncodeToString(sum[:]))
	}
	if got != d {
		return &MismatchError{Want: d, Got: got}
	}
	return nil
}

// FallbackTag is the tag under which a registry without the referrers API
// keeps the index of d's referrers (distribution-spec, section Referrers Tag
// Schema).
func (d Digest) FallbackTag() string {
	return strings.Replace(string(d), ":", "-", 1)
}

// MismatchError says that content is not what its digest promised.
type MismatchError struct{ Want, Got Digest }

// Error implements error.
func (e *MismatchError) Error() string {
	return fmt.Sprintf("content has digest %s, want %s", e.Got, e.Want)
}
