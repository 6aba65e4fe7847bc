package journal

import (
	"strings"
	"time"

	"regatta/model/text"
)

// SlowRemark is what is written down of a repository whose tags took longer to list than
// a list holds, so that a delete was decided by an older one.
func SlowRemark(repository string, tags int, took time.Duration) Remark {
	list := text.Took(took) + " to list (" + text.Plural(tags, "tag", "tags") + ")"
	return Remark{
		About: Listed, Level: "warn",
		Text: slowIn(repository) + list + ": a tag that was set in that time may have gone along unseen",
	}
}

func slowIn(repository string) string { return "the tags of " + repository + " took up to " }

// SlowLists are the sentences of the remarks about lists that took too long.
func (r Run) SlowLists() []string {
	var out []string
	for _, m := range r.About(Listed) {
		out = append(out, m.Text)
	}
	return out
}

// SaidSlow reports whether one of the sentences is about the repository.
func SaidSlow(sentences []string, repository string) bool {
	for _, s := range sentences {
		if strings.HasPrefix(s, slowIn(repository)) {
			return true
		}
	}
	return false
}
