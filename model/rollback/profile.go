package rollback

import (
	"cmp"
	"strings"
	"time"

	"regatta/model/finding"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/supply"
)

// Profile is what an image is, as far as that helps to choose it. The zero value
// of a field says that it is not known.
type Profile struct {
	Size      int64
	Time      time.Time // when it was pushed, or created where the registry does not tell
	Platforms []image.PlatformImage
	Revision  string          // of the source, as the image says
	Findings  *finding.Counts // of one platform: the worst that the listing tells, else the one that stands for all
	Signature supply.Verdict
	Read      bool // its content was read: what is not there now is nowhere
}

// Listed is what the listing tells of a candidate.
func (c Candidate) Listed() Profile {
	p := Profile{Time: c.Image.Time(), Findings: c.Image.Findings}
	if c.Image.State == image.Read || c.Image.State == image.Cached {
		p.Size, p.Platforms = max(0, c.Image.Size), c.Image.Platforms
	}
	return p
}

// Scanned fills in findings that only the listing of the platforms' own images
// tells: those of the image that has the worst.
func (p Profile) Scanned(of func(ref.Digest) *finding.Counts) Profile {
	if p.Findings != nil {
		return p
	}
	for _, one := range p.Platforms {
		if found := of(one.Digest); found != nil && (p.Findings == nil || worse(*found, *p.Findings)) {
			p.Findings = found
		}
	}
	return p
}

// Standing is the image that stands for all platforms: that for linux/amd64, else
// the first.
func (p Profile) Standing() ref.Digest {
	var first ref.Digest
	for _, one := range p.Platforms {
		if one.Matches(image.Platform{OS: "linux", Architecture: "amd64"}) {
			return one.Digest
		}
		first = cmp.Or(first, one.Digest)
	}
	return first
}

// worse compares by the worst severity of which there are not equally many.
func worse(a, b finding.Counts) bool {
	for _, s := range finding.Severities() {
		if a[s] != b[s] {
			return a[s] > b[s]
		}
	}
	return false
}

// shortRevision is how many characters of a commit tell it from others.
const shortRevision = 8

// Commit is the revision as short as people write it.
func (p Profile) Commit() string {
	r := p.Revision
	if len(r) > shortRevision && strings.Trim(r, "0123456789abcdefABCDEF") == "" {
		r = r[:shortRevision]
	}
	return r
}

// Where names the platforms; what nearly all images have in common, Linux, is
// left out.
func (p Profile) Where() string {
	var out []string
	for _, one := range p.Platforms {
		if one.Known() {
			out = append(out, strings.TrimPrefix(one.String(), "linux/"))
		}
	}
	return strings.Join(out, " ")
}
