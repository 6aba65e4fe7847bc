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
	return c.Kind() + " of " + c.Subject.Short()
}

// Kind says what the companion is, without whose it is: "signature".
func (c Companion) Kind() string {
	switch c.Role {
	case "sig":
		return "signature"
	case "att":
		return "attestation"
	case "sbom":
		return "SBOM"
	case indexRole:
		return "referrers index"
	}
	return ""
}

const indexRole = "referrers"

// CompanionTags are the tags whose images describe d by their names alone: that of the
// index of its referrers, and those of cosign.
func CompanionTags(d ref.Digest) []string {
	if _, ok := ParseCompanion(d.FallbackTag()); !ok {
		return nil
	}
	return append([]string{d.FallbackTag()}, CosignTags(d)...)
}

// CosignTags are the tags under which cosign keeps what it makes for d.
func CosignTags(d ref.Digest) []string {
	return []string{d.FallbackTag() + ".sig", d.FallbackTag() + ".att", d.FallbackTag() + ".sbom"}
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
	c := Companion{Subject: d, Role: role}
	if !dotted {
		c.Role = indexRole
	}
	if c.Kind() == "" || dotted == (c.Role == indexRole) {
		return Companion{}, false
	}
	return c, true
}
