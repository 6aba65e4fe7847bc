package image

import (
	"slices"
	"strings"
)

// Role is what a referrer is to the image that it refers to.
type Role uint8

// The roles.
const (
	OtherRole Role = iota
	Signature
	SBOM
)

// Describes is the role of a referrer, as far as its types or the tag that it is
// kept under (cosign's scheme) tell. Whether a signature holds is not looked at.
func (d Descriptor) Describes() Role {
	if c, ok := ParseCompanion(d.Annotations[RefNameAnnotation]); ok && c.Role == "sig" {
		return Signature
	}
	t := strings.ToLower(d.ArtifactType + " " + d.MediaType)
	has := func(w string) bool { return strings.Contains(t, w) }
	switch {
	case slices.ContainsFunc([]string{"spdx", "cyclonedx", "sbom", "syft"}, has):
		return SBOM
	case slices.ContainsFunc([]string{"sig", "notary"}, has):
		return Signature
	}
	return OtherRole
}
