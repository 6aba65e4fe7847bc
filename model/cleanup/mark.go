package cleanup

import (
	"strings"
	"time"

	"regatta/model/ref"
)

// MarkPrefix is how the tags begin that mark an image for deletion.
const MarkPrefix = "regatta-delete-after-"

const markLayout = "2006-01-02T150405Z"

// MarkTag is the tag that marks d for deletion at a time. It names the digest,
// as a tag points to one image only.
func MarkTag(d ref.Digest, at time.Time) string {
	return MarkPrefix + at.UTC().Format(markLayout) + "-" + d.Short()
}

// ParseMark reads such a tag of d. One that was moved to another digest marks
// nothing.
func ParseMark(tag string, d ref.Digest) (at time.Time, ok bool) {
	rest, ok := strings.CutPrefix(tag, MarkPrefix)
	if !ok {
		return time.Time{}, false
	}
	date, ok := strings.CutSuffix(rest, "-"+d.Short())
	if !ok || d == "" {
		return time.Time{}, false
	}
	at, err := time.Parse(markLayout, date)
	return at, err == nil
}
