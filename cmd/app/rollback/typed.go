package rollback

import (
	"slices"
	"strings"

	"regatta/model/ref"
)

// Typed are what is typed to confirm that tags go back: their names, each
// once.
func Typed(tags []ref.Reference) string {
	var names []string
	for _, tag := range tags {
		if !slices.Contains(names, tag.Tag) {
			names = append(names, tag.Tag)
		}
	}
	return strings.Join(names, " ")
}
