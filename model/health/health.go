// Package health finds what is wrong with a repository: indexes and manifests
// that lack parts, what describes images that are not there, and what nothing
// leads to. It is pure: the registry was read before. It may import the standard
// library and its siblings in model.
package health

import (
	"slices"
	"strings"

	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

// Kind is what is wrong.
type Kind string

// The kinds of findings.
const (
	MissingChild Kind = "missing-child" // an index lists a manifest that is not there
	MissingBlob  Kind = "missing-blob"  // a manifest has a config or layer that is not there
	LostSubject  Kind = "lost-subject"  // a manifest refers to one that is not there
	OrphanTag    Kind = "orphan-tag"    // a tag is made from the digest of a manifest that is not there
	Unreferenced Kind = "unreferenced"  // a manifest has no tag, and nothing references it
)

// Finding is something wrong with the manifest Digest. About is what is not
// there.
type Finding struct {
	Kind   Kind
	Digest ref.Digest
	Tags   []string
	About  []ref.Digest
	Text   string
	Named  bool // it has a tag that is not made from a digest
}

// Name is how to speak of the manifest: its digest, and its tags if it has any.
func (f Finding) Name() string {
	if len(f.Tags) == 0 {
		return f.Digest.Short()
	}
	return f.Digest.Short() + " (" + strings.Join(f.Tags, ", ") + ")"
}

// Examine finds what is wrong with all manifests of g, by kind and digest. The
// missing blobs are those of which it is known, by manifest.
func Examine(g *graph.Graph, blobs map[ref.Digest][]ref.Digest) []Finding {
	var out []Finding
	all := g.Manifests()
	for _, look := range []func(*graph.Graph, ref.Digest) (Finding, bool){
		missingChild,
		func(_ *graph.Graph, d ref.Digest) (Finding, bool) { return missingBlob(blobs[d]) },
		lostSubject, orphanTag, unreferenced,
	} {
		for _, d := range all {
			if f, ok := look(g, d); ok {
				f.Digest, f.Tags = d, g.Tags(d)
				f.Named = slices.ContainsFunc(f.Tags, named)
				out = append(out, f)
			}
		}
	}
	return out
}

func named(tag string) bool {
	_, made := image.ParseCompanion(tag)
	return !made
}

func missingChild(g *graph.Graph, d ref.Digest) (Finding, bool) {
	lost := g.MissingChildren(d)
	return Finding{
		Kind: MissingChild, About: lost,
		Text: text.Count(len(lost)) + " of its " + text.Plural(len(g.Children(d)), "child", "children") + verb(len(lost)),
	}, len(lost) > 0
}

func missingBlob(lost []ref.Digest) (Finding, bool) {
	return Finding{
		Kind: MissingBlob, About: lost,
		Text: text.Plural(len(lost), "config or layer of it", "configs and layers of it") + verb(len(lost)),
	}, len(lost) > 0
}

func verb(n int) string {
	if n == 1 {
		return " is not there"
	}
	return " are not there"
}

// lostSubject leaves tags made from digests to orphanTag.
func lostSubject(g *graph.Graph, d ref.Digest) (Finding, bool) {
	lost := slices.DeleteFunc(g.Subjects(d), func(s ref.Digest) bool { return !g.Gone(s) })
	if len(lost) == 0 {
		return Finding{}, false
	}
	return Finding{Kind: LostSubject, About: lost, Text: "it refers to " + lost[0].Short() + ", which is not there"}, true
}

func orphanTag(g *graph.Graph, d ref.Digest) (Finding, bool) {
	var f Finding
	for _, t := range g.Tags(d) {
		if c, ok := image.ParseCompanion(t); ok && g.Gone(c.Subject) {
			f.About = append(f.About, c.Subject)
			f.Text = "it is the " + c.String() + ", which is not there"
		}
	}
	f.Kind = OrphanTag
	return f, len(f.About) > 0
}

func unreferenced(g *graph.Graph, d ref.Digest) (Finding, bool) {
	of, _ := g.Accompanies(d)
	loose := len(g.Tags(d))+len(g.Parents(d))+len(of) == 0
	return Finding{Kind: Unreferenced, Text: "it has no tags, and nothing references it"}, loose
}
