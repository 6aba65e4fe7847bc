package image

import (
	"slices"

	"regatta/model/ref"
)

// PlatformChildren are the children of an index that stand for a platform:
// neither attestations nor without a platform.
func PlatformChildren(index Manifest) []Descriptor {
	return slices.DeleteFunc(slices.Clone(index.Children), func(d Descriptor) bool {
		return d.IsAttestation() || d.Platform == nil || !d.Platform.Known() || d.Digest == ""
	})
}

// DefaultChild is the child that stands for the whole index: linux/amd64, else
// the first platform, else the first child. It is empty for an index without
// children.
func DefaultChild(index Manifest) ref.Digest {
	children := PlatformChildren(index)
	if len(children) == 0 {
		children = index.Children
	}
	want := Platform{OS: "linux", Architecture: "amd64"}
	for _, d := range children {
		if d.Platform != nil && d.Platform.Matches(want) {
			return d.Digest
		}
	}
	if len(children) == 0 {
		return ""
	}
	return children[0].Digest
}
