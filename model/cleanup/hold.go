package cleanup

import (
	"slices"
	"strings"

	"regatta/model/ref"
	"regatta/model/text"
)

// held is why an image is kept for its own sake, or for that of another one
// that needs it.
type held struct {
	why string
	of  ref.Digest
}

func (e *evaluation) says(h held) string {
	if h.of == "" {
		return h.why
	}
	return e.stock.name(h.of) + " depends on it, which is kept: " + h.why
}

// holds are the images that are kept whatever else is asked for, and so is what
// they would fall with.
func (e *evaluation) holds() map[ref.Digest]held {
	out := map[ref.Digest]held{}
	var queue []ref.Digest
	for i := range e.stock.Images {
		img := &e.stock.Images[i]
		if why, ok := e.hold(img); ok {
			out[img.Digest] = held{why: why}
			queue = append(queue, img.Digest)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		d := queue[0]
		for _, up := range e.carriers(d) {
			if _, ok := out[up]; !ok {
				out[up] = held{out[d].why, d}
				queue = append(queue, up)
			}
		}
	}
	return out
}

// carriers are the images that take d along when they go: its indexes and what
// it describes, unless d has a tag that holds it.
func (e *evaluation) carriers(d ref.Digest) []ref.Digest {
	i, ok := e.stock.at[d]
	if !ok || slices.ContainsFunc(e.stock.Images[i].Tags, plain) {
		return nil
	}
	of, _ := e.stock.graph.Accompanies(d)
	return append(e.stock.graph.Parents(d), of...)
}

// hold is why an image is kept for its own sake.
func (e *evaluation) hold(img *Image) (string, bool) {
	if e.rules.Exceptions[img.Digest] == KeepIt {
		return "by hand", true
	}
	if by, ok := e.rules.InUse.Digests[img.Digest]; ok {
		return "in use by " + text.Clean(by), true
	}
	for _, t := range img.Tags {
		if by, ok := e.rules.InUse.Tags[t]; ok {
			return t + " is in use by " + text.Clean(by), true
		}
	}
	for _, t := range img.Tags {
		if p, ok := first(e.protected, strings.ToLower(t)); ok {
			return t + " is protected" + by(p, t), true
		}
	}
	if why, ok := e.rules.Keep.keeps(img); ok {
		return why, true
	}
	return e.excluded(img)
}

func (e *evaluation) excluded(img *Image) (string, bool) {
	for _, t := range img.Tags {
		if p, ok := first(e.rules.Exclude, t); ok {
			return t + " is excluded" + by(p, t), true
		}
	}
	return "", false
}

// by names the pattern where it is not the tag itself.
func by(pattern, tag string) string {
	if strings.EqualFold(pattern, tag) {
		return ""
	}
	return " by " + pattern
}
