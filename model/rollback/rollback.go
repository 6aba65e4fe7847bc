// Package rollback says what a tag pointed to and since when, which of its
// former images to go back to, and whether that is safe. It is pure: the
// registry, the journal and what runs were read before. It may import the
// standard library and its siblings in model.
package rollback

import (
	"strings"
	"time"

	"regatta/model/deploy"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/ref"
	"regatta/model/usage"
)

// Facts are what is known of a tag. Every field but Tag, Current and Now may be
// empty: less is known then.
type Facts struct {
	Tag     ref.Reference // HOST/REPOSITORY:TAG
	Current ref.Digest    // what it points to
	Now     time.Time
	// Images are the repository's as it was listed, with digests, tags and push
	// times where the listing has them.
	Images []image.Image
	Seen   []image.Sighting // of this tag, newest first
	Known  []image.Sighting // the newest one of every tag of the repository
	Runs   []journal.Run    // of any registry, newest first
	Uses   []usage.Use      // of the repository
	Past   []deploy.Past    // of the services that follow the tag, newest first
	// KeepPrefix begins the tags that keep what was rolled back from.
	KeepPrefix string
}

// tags are the tags of every digest that are known, those of a listing before
// what was seen some time.
func (f Facts) tags() map[ref.Digest][]string {
	out := map[ref.Digest][]string{}
	listed := map[string]bool{}
	for _, img := range f.Images {
		if img.Digest == "" {
			continue
		}
		for _, tag := range img.Tags {
			listed[tag] = true
			out[img.Digest] = append(out[img.Digest], tag)
		}
	}
	for _, s := range f.Known {
		if !listed[s.Tag] {
			out[s.Digest] = append(out[s.Digest], s.Tag)
		}
	}
	return out
}

// keeps reports whether a tag keeps what was rolled back from.
func (f Facts) keeps(tag string) bool {
	return f.KeepPrefix != "" && strings.HasPrefix(tag, f.KeepPrefix)
}

// KeepTag is the tag under which the image that is left behind stays: the prefix
// and the second, in UTC.
func KeepTag(prefix string, now time.Time) string {
	return prefix + now.UTC().Format("20060102-150405")
}

// bad are the images that were rolled back from: by the tags that keep them, and
// by the runs of this machine's journal that were not undone.
func (f Facts) bad() map[ref.Digest]bool {
	out := map[ref.Digest]bool{}
	for d, tags := range f.tags() {
		for _, tag := range tags {
			if f.keeps(tag) {
				out[d] = true
			}
		}
	}
	for _, r := range f.Runs {
		if len(r.Undone) > 0 || r.UndoOf != "" {
			continue
		}
		for _, m := range movesOf(r) {
			if f.keeps(m.at.Tag) && m.at.Name() == f.Tag.Name() {
				out[m.to] = true
			}
		}
	}
	return out
}
