package run

import (
	"fmt"

	"regatta/model/image"
	"regatta/model/ref"
)

// companions are the listed tags that by their names describe a manifest, and that the
// plan does not know to; the caller holds the lock. What they point to need not say whom
// it describes: a signature goes by its tag alone.
func (w *watch) companions(at *watched, d ref.Digest) []string {
	var out []string
	for _, tag := range image.CompanionTags(d) {
		if t := at.tags[tag]; t != nil && t.listed && w.intent.stays(at.repo, tag, t.digest) {
			out = append(out, tag)
		}
	}
	return out
}

// stays reports whether a tag is on something that the plan neither removes nor has seen
// there: neither what it takes along, or leaves although it goes with what is removed,
// nor what a step finds or leaves under the tag.
func (in intent) stays(repo, tag string, d ref.Digest) bool {
	return !in.deletes[repo][d] && !in.kept[d] && !in.tags[repo][tag][d]
}

// companionSays says what a tag that describes a manifest means for its delete.
func companionSays(tag string) string {
	c, _ := image.ParseCompanion(tag)
	return fmt.Sprintf("the %s %s describes it now", c.Kind(), tag)
}
