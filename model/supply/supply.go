// Package supply is what accompanies an image: its referrers as a tree, what
// signatures claim and whether a key confirms it, and where a build says that it
// comes from. It is pure: what it parses was read before. It imports the standard
// library and its siblings in model.
package supply

import (
	"encoding/json"
	"slices"
	"strings"

	"regatta/model/image"
	"regatta/model/ref"
)

// Kind is what a referrer is.
type Kind string

// The kinds of referrers, and what they refer to.
const (
	Subject     Kind = "image" // nothing refers through it: it is what is referred to
	Signature   Kind = "signature"
	SBOM        Kind = "SBOM"
	Provenance  Kind = "provenance"
	Attestation Kind = "attestation" // of another predicate
	Other       Kind = "artifact"
)

// Media types of what is in referrers.
const (
	SimpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json"
	DSSE          = "application/vnd.dsse.envelope.v1+json"
	InToto        = "application/vnd.in-toto+json"
	JWS           = "application/jose+json" // notation
	COSE          = "application/cose"      // notation
	bundlePrefix  = "application/vnd.dev.sigstore.bundle"
)

// Node is a manifest of the tree, with what refers to it.
type Node struct {
	Descriptor image.Descriptor
	Kind       Kind
	Via        string // how it was found: "referrers", "index", or cosign's tag
	Documents  []Document
	Signatures []Claim
	Build      *Build // of provenance that was read
	Nodes      []*Node
	Err        error // why nothing more is known
}

// Document is a blob of a referrer that can be opened.
type Document struct {
	Layer     image.Descriptor
	Kind      Kind
	Predicate string            // of an in-toto statement, "" if that is not told
	Notes     map[string]string // its annotations as they were written: signatures are among them
}

// Walk visits the node and what is below it, with how deep it lies.
func (n *Node) Walk(visit func(n *Node, depth int)) { n.walk(visit, 0) }

func (n *Node) walk(visit func(*Node, int), depth int) {
	visit(n, depth)
	for _, inner := range n.Nodes {
		inner.walk(visit, depth+1)
	}
}

// Find is the first document of a kind, of the node itself or of what refers to
// it.
func (n *Node) Find(k Kind) (of *Node, d Document, ok bool) {
	n.Walk(func(at *Node, _ int) {
		for _, doc := range at.Documents {
			if !ok && doc.Kind == k {
				of, d, ok = at, doc, true
			}
		}
	})
	return of, d, ok
}

// document tells what a layer of a referrer is.
func document(d image.Descriptor, notes map[string]string) Document {
	out := Document{Layer: d, Kind: Other, Notes: notes}
	for _, name := range []string{"in-toto.io/predicate-type", "predicateType", "dev.sigstore.bundle.predicateType"} {
		if p := notes[name]; p != "" {
			out.Predicate = clip(p)
		}
	}
	switch t := d.MediaType; {
	case t == SimpleSigning, t == JWS, t == COSE:
		out.Kind = Signature
	case out.Predicate != "":
		out.Kind = kindOfPredicate(out.Predicate)
	case strings.HasPrefix(t, bundlePrefix):
		out.Kind = Signature
	case t == DSSE, t == InToto:
		out.Kind = Attestation
	case isSBOM(t):
		out.Kind = SBOM
	}
	return out
}

func kindOfPredicate(p string) Kind {
	switch {
	case strings.HasPrefix(p, "https://slsa.dev/provenance/"):
		return Provenance
	case strings.HasPrefix(p, "https://spdx.dev/"), strings.HasPrefix(p, "https://cyclonedx.org/"):
		return SBOM
	case strings.HasPrefix(p, "https://sigstore.dev/cosign/sign/"):
		return Signature
	}
	return Attestation
}

func isSBOM(mediaType string) bool {
	return slices.ContainsFunc([]string{"spdx", "cyclonedx", "syft"}, func(w string) bool {
		return strings.Contains(strings.ToLower(mediaType), w)
	})
}

// NewNode is the node of a referrer's manifest.
func NewNode(d image.Descriptor, m image.Manifest, via string) *Node {
	n := &Node{Descriptor: d, Kind: Other, Via: via}
	notes := notesOf(m)
	for i, l := range m.Layers {
		n.Documents = append(n.Documents, document(l, notes[i]))
	}
	for _, k := range []Kind{Signature, Provenance, SBOM, Attestation} {
		if slices.ContainsFunc(n.Documents, func(d Document) bool { return d.Kind == k }) {
			n.Kind = k
			break
		}
	}
	if n.Kind == Other {
		switch d.Describes() {
		case image.Signature:
			n.Kind = Signature
		case image.SBOM:
			n.Kind = SBOM
		case image.OtherRole:
		}
	}
	return n
}

// notesOf are the annotations of the layers as they are written: in a Manifest
// they are made safe for a terminal, after which no certificate parses. A bundle's
// predicate stands in the manifest.
func notesOf(m image.Manifest) []map[string]string {
	var w struct {
		Layers []struct {
			Annotations map[string]string `json:"annotations"`
		} `json:"layers"`
	}
	out := make([]map[string]string, len(m.Layers))
	if json.Unmarshal(m.Raw, &w) != nil {
		return out
	}
	for i := range min(len(out), len(w.Layers)) {
		if out[i] = w.Layers[i].Annotations; len(out[i]) == 0 {
			out[i] = m.Annotations
		}
	}
	return out
}

// Claims is the state of all signatures below an image.
func (n *Node) Claims() (all []Claim) {
	n.Walk(func(at *Node, _ int) { all = append(all, at.Signatures...) })
	return all
}

// Digest is the manifest that the node stands for.
func (n *Node) Digest() ref.Digest { return n.Descriptor.Digest }
