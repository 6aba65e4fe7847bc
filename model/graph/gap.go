package graph

import (
	"cmp"
	"slices"

	"regatta/model/image"
	"regatta/model/ref"
)

// Gap is a manifest, or a tag's target, that could not be read. Without digest
// and tag it is the rest of the repository.
type Gap struct {
	Digest ref.Digest // empty where a tag's target is not known
	Tag    string
	Reason string
}

// Gaps are what could not be read, by tag and digest. While there is one, a
// parent may be unknown and bytes that come back are an estimate.
func (g *Graph) Gaps() []Gap {
	var out []Gap
	if g.partial != "" {
		out = append(out, Gap{Reason: g.partial})
	}
	for tag, reason := range g.unread {
		out = append(out, Gap{Tag: tag, Reason: reason})
	}
	for i := range g.nodes {
		if n := &g.nodes[i]; n.gap() {
			out = append(out, Gap{Digest: n.digest, Reason: n.why()})
		}
	}
	slices.SortFunc(out, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.Tag, b.Tag), cmp.Compare(a.Digest, b.Digest))
	})
	return out
}

// Complete reports whether there are no gaps, and all blobs are known.
func (g *Graph) Complete() bool {
	return g.TagsKnown() && !slices.ContainsFunc(g.nodes, func(n node) bool { return n.gap() || n.sealed })
}

// TagsKnown reports whether it is known of all tags what they point to: else a
// digest may have more tags than Tags says.
func (g *Graph) TagsKnown() bool { return len(g.unread) == 0 && g.partial == "" }

// gap tells that the manifest is there, or may be, and was not read, or not what
// describes it. One that is only named as a subject is none: it usually went before
// its referrer.
func (n node) gap() bool {
	switch n.state {
	case missing:
		return true
	case mentioned:
		return len(n.tags) > 0 || len(n.parents) > 0 || n.listed
	case known:
		return n.blind != ""
	case absent:
	}
	return false
}

func (n node) why() string {
	if n.blind != "" {
		return "what describes it is not known: " + n.blind
	}
	return cmp.Or(n.reason, "it was not read")
}

// countless are those of the manifests that hang on what goes, and on each other, that
// more describes than is read.
func (w *wave) countless() []Gap {
	var out []Gap
	for _, at := range slices.Concat(w.first, w.candidates) {
		if n := &w.g.nodes[at]; n.countless {
			out = append(out, Gap{Digest: n.digest, Reason: n.blind})
		}
	}
	slices.SortFunc(out, func(a, b Gap) int { return cmp.Compare(a.Digest, b.Digest) })
	return out
}

// unknownParents reports whether something that was not read may be an index,
// so that any manifest may have a parent that is not known.
func (g *Graph) unknownParents() bool {
	return !g.TagsKnown() || slices.ContainsFunc(g.nodes, func(n node) bool {
		return n.gap() && (n.blind != "" || mayBeIndex(n.mediaType))
	})
}

func mayBeIndex(mediaType string) bool {
	switch mediaType {
	case image.MediaTypeOCIManifest, image.MediaTypeDockerManifest, image.MediaTypeOCIArtifact,
		image.MediaTypeDockerSchema1, image.MediaTypeDockerSchema1JWS:
		return false
	}
	return true
}
