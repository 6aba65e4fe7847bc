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
