package image

import (
	"strings"

	"regatta/model/ref"
)

// Companion is an image that only exists beside another one: cosign keeps
// signatures, attestations and SBOMs under tags made from the digest, and
// registries without the referrers API keep their index so.
type Companion struct {
	Subject ref.Digest
	Role    string // "sig", "att", "sbom" or "referrers"
}

// String says what the companion is in the field's words: "signature of
// 0123456789ab".
func (c Companion) String() string {
	role := map[string]string{
		"sig": "signature", "att": "attestation", "sbom": "SBOM", "referrers": "referrers index",
	}[c.Role]
	return role + " of " + c.Subject.Short()
}

// ParseCompanion recognises such a tag.
func ParseCompanion(tag string) (Companion, bool) {
	rest, ok := strings.CutPrefix(tag, "sha256-")
	if !ok {
		return Companion{}, false
	}
	sum, role, dotted := strings.Cut(rest, ".")
	d, err := ref.ParseDigest("sha256:" + sum)
	if err != nil {
		return Companion{}, false
	}
	switch {
	case !dotted:
		return Companion{Subject: d, Role: "referrers"}, true
	case role == "sig" || role == "att" || role == "sbom":
		return Companion{Subject: d, Role: role}, true
	}
	return Companion{}, false
}
