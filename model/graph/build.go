package graph

import (
	"slices"

	"regatta/model/image"
	"regatta/model/ref"
)

// Add records a manifest that was read. Reading one twice changes nothing.
func (g *Graph) Add(m image.Manifest) {
	if m.Digest == "" {
		return
	}
	at := g.node(m.Digest)
	if g.nodes[at].state == known && !g.nodes[at].sealed {
		g.nodes[at].raw = g.nodes[at].raw || len(m.Raw) > 0
		return
	}
	n := &g.nodes[at]
	n.state, n.reason, n.kind, n.mediaType, n.sealed = known, "", m.Kind, m.MediaType, false
	if len(m.Raw) > 0 {
		n.size, n.raw = int64(len(m.Raw)), true
	}
	g.addBlobs(at, m)
	for _, d := range m.Children {
		g.addChild(at, d)
	}
	if m.Subject != nil && m.Subject.Digest != "" {
		g.refer(at, g.node(m.Subject.Digest))
	}
}

func (g *Graph) addBlobs(at id, m image.Manifest) {
	refs := make([]int32, 0, len(m.Layers)+1)
	for _, d := range append([]image.Descriptor{m.Config}, m.Layers...) {
		if d.Digest == "" {
			continue
		}
		b, ok := g.byBlob[d.Digest]
		if !ok {
			b = int32(len(g.blobs)) //nolint:gosec // fewer than 2^31 blobs fit into memory
			g.blobs = append(g.blobs, blob{digest: d.Digest})
			g.byBlob[d.Digest] = b
		}
		g.blobs[b].size = max(g.blobs[b].size, d.Size)
		g.blobs[b].local = g.blobs[b].local || !d.IsForeign()
		refs = append(refs, b)
	}
	slices.Sort(refs)
	refs = slices.Clip(slices.Compact(refs))
	for _, b := range refs {
		g.blobs[b].refs++
	}
	g.nodes[at].blobs = refs
}

func (g *Graph) addChild(parent id, d image.Descriptor) {
	if d.Digest == "" {
		return
	}
	child := g.node(d.Digest)
	g.describe(child, d)
	parents := g.nodes[child].parents
	if len(parents) > 0 && parents[len(parents)-1] == parent {
		return // an index may list a child twice; its edges are added in one go
	}
	g.nodes[child].parents = append(parents, parent)
	g.nodes[parent].children = append(g.nodes[parent].children, child)
}

// describe notes what a descriptor says of a manifest that was not read.
func (g *Graph) describe(at id, d image.Descriptor) {
	n := &g.nodes[at]
	if n.state == known && n.raw {
		return
	}
	n.size = max(n.size, d.Size)
	if n.mediaType == "" {
		n.mediaType = d.MediaType
	}
}

func (g *Graph) refer(from, subject id) {
	if slices.Contains(g.nodes[from].subjects, subject) {
		return
	}
	g.nodes[from].subjects = append(g.nodes[from].subjects, subject)
	g.nodes[subject].referrers = append(g.nodes[subject].referrers, from)
}

// Tag records that a tag points to d. A tag that pointed elsewhere moves.
func (g *Graph) Tag(tag string, d ref.Digest) {
	g.Untag(tag)
	at := g.node(d)
	g.tags[tag] = at
	g.nodes[at].tags = append(g.nodes[at].tags, tag)
	if c, ok := image.ParseCompanion(tag); ok {
		subject := g.node(c.Subject)
		g.nodes[subject].companions = append(g.nodes[subject].companions, tag)
	}
}

// Untag records that there is no such tag.
func (g *Graph) Untag(tag string) {
	delete(g.unread, tag)
	at, ok := g.tags[tag]
	if !ok {
		return
	}
	delete(g.tags, tag)
	g.nodes[at].tags = without(g.nodes[at].tags, tag)
	if c, ok := image.ParseCompanion(tag); ok {
		subject := g.node(c.Subject)
		g.nodes[subject].companions = without(g.nodes[subject].companions, tag)
	}
}

func without(tags []string, tag string) []string {
	return slices.DeleteFunc(tags, func(t string) bool { return t == tag })
}

// Referrer records that the registry's referrers API lists d for subject.
func (g *Graph) Referrer(subject ref.Digest, d image.Descriptor) {
	if subject == "" || d.Digest == "" {
		return
	}
	at := g.node(d.Digest)
	g.describe(at, d)
	g.nodes[at].listed = true
	g.refer(at, g.node(subject))
}

// Undescribed records that it could not be read what describes d. It counts as a
// gap: what is not known may hang on it. With tooMany, because there is more than is
// read.
func (g *Graph) Undescribed(d ref.Digest, reason string, tooMany bool) {
	n := &g.nodes[g.node(d)]
	n.blind, n.countless = reason, tooMany
}

// Stored records that a manifest is there and cannot be read where it is, of the
// kind that a listing says. One that may be an index counts as a gap; of any
// other only the blobs are not known.
func (g *Graph) Stored(d image.Descriptor, reason string) {
	at := g.node(d.Digest)
	g.describe(at, d)
	n := &g.nodes[at]
	switch {
	case n.state == known:
	case mayBeIndex(d.MediaType):
		g.Missing(d.Digest, reason)
	default:
		n.state, n.reason, n.kind, n.sealed = known, "", image.KindOf(d.MediaType, d.ArtifactType), true
	}
}

// Missing records that a manifest could not be read: it counts as a gap until
// Add or Absent says more.
func (g *Graph) Missing(d ref.Digest, reason string) {
	n := &g.nodes[g.node(d)]
	if n.state != known {
		n.state, n.reason = missing, reason
	}
}

// MissingTag records that it could not be read what a tag points to.
func (g *Graph) MissingTag(tag, reason string) {
	g.Untag(tag)
	g.unread[tag] = reason
}

// Partial records that only a part of the repository was looked at, as a
// command does that is about one tag. It counts as a gap.
func (g *Graph) Partial(reason string) { g.partial = reason }

// Absent records that the registry says that there is no manifest d. That is
// knowledge, not a gap: indexes often list platforms that were never pushed.
func (g *Graph) Absent(d ref.Digest) {
	n := &g.nodes[g.node(d)]
	if n.state != known {
		n.state, n.reason = absent, ""
	}
}
