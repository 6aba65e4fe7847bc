package image

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"regatta/model/ref"
	"regatta/model/text"
)

// Platform says what an image runs on (OCI image-spec, image-index.md).
type Platform struct {
	OS           string `json:"os"`
	Architecture string `json:"architecture"`
	Variant      string `json:"variant,omitempty"`
	OSVersion    string `json:"os.version,omitempty"`
}

// String is the platform as docker writes it: linux/arm/v7.
func (p Platform) String() string {
	if p.OS == "" && p.Architecture == "" {
		return ""
	}
	s := p.OS + "/" + p.Architecture
	if p.Variant != "" {
		s += "/" + p.Variant
	}
	return s
}

// Known reports whether the platform is a real one; attestations are listed
// under unknown/unknown.
func (p Platform) Known() bool {
	return p.OS != "" && p.OS != "unknown" && p.Architecture != "unknown"
}

// ParsePlatform reads OS/ARCH[/VARIANT].
func ParsePlatform(s string) (Platform, bool) {
	parts := strings.Split(s, "/")
	if len(parts) < 2 || len(parts) > 3 || slices.Contains(parts, "") {
		return Platform{}, false
	}
	p := Platform{OS: parts[0], Architecture: parts[1]}
	if len(parts) == 3 {
		p.Variant = parts[2]
	}
	return p, true
}

// Matches reports whether p is what want asks for; a variant that want leaves
// open matches any.
func (p Platform) Matches(want Platform) bool {
	return p.OS == want.OS && p.Architecture == want.Architecture && (want.Variant == "" || p.Variant == want.Variant)
}

func (p Platform) cleaned() Platform {
	return Platform{
		OS: cleanValue(p.OS), Architecture: cleanValue(p.Architecture),
		Variant: cleanValue(p.Variant), OSVersion: cleanValue(p.OSVersion),
	}
}

// Descriptor points at content (OCI image-spec, descriptor.md). Size is in
// bytes.
type Descriptor struct {
	MediaType    string            `json:"mediaType"`
	ArtifactType string            `json:"artifactType,omitempty"`
	Digest       ref.Digest        `json:"digest"`
	Size         int64             `json:"size"`
	Platform     *Platform         `json:"platform,omitempty"`
	Annotations  map[string]string `json:"annotations,omitempty"`
	URLs         []string          `json:"urls,omitempty"`
	// Served says that a registry was found to have the content of a layer that need
	// not be there.
	Served bool `json:"-"`
}

// IsAttestation reports whether d is a BuildKit attestation inside an index.
func (d Descriptor) IsAttestation() bool {
	return d.Annotations["vnd.docker.reference.type"] == "attestation-manifest"
}

// IsForeign reports whether the content lives outside the registry, as far as is
// known: its media type or its addresses say so, and nobody has found it there.
func (d Descriptor) IsForeign() bool { return d.MayBeForeign() && !d.Served }

// MayBeForeign reports whether the descriptor says that its content need not be in
// the registry (image-spec, non-distributable layers). Some have it nevertheless.
func (d Descriptor) MayBeForeign() bool {
	return len(d.URLs) > 0 || strings.Contains(d.MediaType, "foreign") || strings.Contains(d.MediaType, "nondistributable")
}

// HasSize reports whether content of so many bytes may be the descriptor's: one that says
// no size may be of any.
func (d Descriptor) HasSize(bytes int64) bool { return d.Size <= 0 || d.Size == bytes }

func (d Descriptor) cleaned() Descriptor {
	d.MediaType, d.ArtifactType = cleanValue(d.MediaType), cleanValue(d.ArtifactType)
	if _, err := ref.ParseDigest(string(d.Digest)); err != nil {
		d.Digest = ""
	}
	if d.Platform != nil {
		p := d.Platform.cleaned()
		d.Platform = &p
	}
	d.Annotations = cleanMap(d.Annotations)
	d.URLs = cleanAll(d.URLs)
	d.Size = max(0, d.Size)
	return d
}

// Texts are cut after so many bytes: they are there to be looked at, and nobody
// looks at megabytes.
const (
	maxValue = 4 << 10 // of a build step, a variable, a media type
	maxLabel = 1 << 10 // of a label or annotation, of which there may be many
)

func cleanMap(m map[string]string) map[string]string {
	if len(m) == 0 {
		return nil
	}
	out := make(map[string]string, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out[cut(k, maxLabel)] = cut(m[k], maxLabel)
	}
	return out
}

func cleanAll(in []string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = cleanValue(s)
	}
	return out
}

func cleanValue(s string) string { return cut(s, maxValue) }

// cut is s made safe, shortened to most bytes where it is longer.
func cut(s string, most int) string {
	if len(s) <= most {
		return text.Clean(s)
	}
	n := most
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return text.Clean(s[:n]) + "… (" + text.Bytes(int64(len(s))) + ")"
}
