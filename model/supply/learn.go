package supply

import (
	"strings"

	"regatta/model/ref"
)

// Signed reports whether the document carries signatures.
func (d Document) Signed() bool {
	switch t := d.Layer.MediaType; t {
	case SimpleSigning, DSSE, JWS, COSE:
		return true
	default:
		return strings.HasPrefix(t, bundlePrefix)
	}
}

// Learn takes in what a document of the node says: its signature, which is to be
// one of the image of, whose manifest is given too, and where the image was
// built. What an attestation is about shows in it where its annotations do not
// tell.
func (n *Node) Learn(d Document, content []byte, of ref.Digest, manifest []byte, keys []Key) error {
	if d.Signed() {
		claim, err := Read(d, content, of, manifest, keys)
		if err != nil {
			return err
		}
		n.Signatures = append(n.Signatures, claim)
	}
	if d.Kind == Attestation && d.Predicate == "" {
		if st, err := ParseStatement(content); err == nil {
			d.Predicate, d.Kind = st.PredicateType, kindOfPredicate(st.PredicateType)
			n.replace(d)
		}
	}
	if d.Kind == Provenance {
		b, err := ParseBuild(content)
		if err != nil {
			return err
		}
		n.Build = &b
	}
	return nil
}

// replace is told more of one of the documents.
func (n *Node) replace(d Document) {
	for i := range n.Documents {
		if n.Documents[i].Layer.Digest == d.Layer.Digest {
			n.Documents[i] = d
		}
	}
	if n.Kind == Attestation {
		n.Kind = d.Kind
	}
}
