// Package graph holds a repository as what points to what: tags to manifests,
// indexes to children, referrers to subjects, companion tags to what they stand
// beside, manifests to blobs. It answers what hangs on a manifest, what a
// removal takes along and how many bytes come back, and it says where it does
// not know. It imports the standard library and its siblings image and ref.
package graph

import (
	"slices"

	"regatta/model/image"
	"regatta/model/ref"
)

// Graph is a repository as far as it was read. It grows in any order; the zero
// value is not ready, see New. It is not safe for use by several goroutines.
type Graph struct {
	nodes    []node
	byDigest map[ref.Digest]id
	blobs    []blob
	byBlob   map[ref.Digest]int32
	tags     map[string]id
	unread   map[string]string // tags whose digest is not known, with the reason
	partial  string            // why there may be more than what was read
}

type id int32

// state says how well a manifest is known.
type state uint8

const (
	mentioned state = iota // something points to it, nobody has looked
	absent                 // the registry says that it is not there
	missing                // it could not be read
	known                  // it was read
)

type node struct {
	digest     ref.Digest
	mediaType  string
	size       int64 // of the manifest itself, in bytes
	kind       image.Kind
	state      state
	raw        bool // its bytes are known
	sealed     bool // it is known and was not read: its blobs are not known
	listed     bool // the registry's referrers API names it
	reason     string
	blind      string // why it is not known what describes it
	countless  bool   // more describes it than is read
	children   []id
	parents    []id
	subjects   []id
	referrers  []id
	blobs      []int32
	tags       []string
	companions []string // tags made from this digest
}

// blob is a config or a layer. refs counts the manifests that reference it.
type blob struct {
	digest ref.Digest
	size   int64
	local  bool // at least one manifest says that the registry holds it
	refs   int32
}

// New returns an empty graph.
func New() *Graph {
	return &Graph{
		byDigest: map[ref.Digest]id{}, byBlob: map[ref.Digest]int32{},
		tags: map[string]id{}, unread: map[string]string{},
	}
}

func (g *Graph) node(d ref.Digest) id {
	if n, ok := g.byDigest[d]; ok {
		return n
	}
	n := id(len(g.nodes)) //nolint:gosec // fewer than 2^31 manifests fit into memory
	g.nodes = append(g.nodes, node{digest: d})
	g.byDigest[d] = n
	return n
}

// find is the node of d where there is one whose manifest exists or may exist.
func (g *Graph) find(d ref.Digest) (*node, bool) {
	n, ok := g.byDigest[d]
	if !ok {
		return nil, false
	}
	return &g.nodes[n], true
}

func (g *Graph) digests(ids []id) []ref.Digest {
	out := make([]ref.Digest, len(ids))
	for i, n := range ids {
		out[i] = g.nodes[n].digest
	}
	slices.Sort(out)
	return out
}
