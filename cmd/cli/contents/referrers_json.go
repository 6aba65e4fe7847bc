package contents

import (
	"regatta/cmd/cli/output/null"

	"regatta/cmd/cli/output"
	"regatta/model/ref"
	"regatta/model/supply"
)

// ReferrersJSON is the document of referrers.
type ReferrersJSON struct {
	Reference string   `json:"reference"`
	Tree      nodeJSON `json:"tree"`
}

type nodeJSON struct {
	Kind         string          `json:"kind"`
	Digest       ref.Digest      `json:"digest"`
	MediaType    *string         `json:"mediaType"`
	ArtifactType *string         `json:"artifactType"`
	Platform     *string         `json:"platform"`
	Via          *string         `json:"via"` // referrers, index, or the tag that it is kept under
	Documents    []documentJSON  `json:"documents"`
	Signatures   []signatureJSON `json:"signatures"`
	Build        *buildJSON      `json:"build"`
	Error        *string         `json:"error"`
	Referrers    []nodeJSON      `json:"referrers"`
}

type documentJSON struct {
	Kind          string     `json:"kind"`
	Digest        ref.Digest `json:"digest"`
	MediaType     *string    `json:"mediaType"`
	PredicateType *string    `json:"predicateType"`
	SizeBytes     int64      `json:"sizeBytes"`
}

// signatureJSON is as claimed, but for verdict, key and reason.
type signatureJSON struct {
	Scheme     string     `json:"scheme"`
	Of         ref.Digest `json:"of"`
	Repository *string    `json:"repository"`
	Identity   *string    `json:"identity"`
	Issuer     *string    `json:"issuer"`
	SignedAt   *string    `json:"signedAt"`
	Verdict    string     `json:"verdict"` // verified, unverified, refused or broken
	Key        *string    `json:"key"`
	Reason     *string    `json:"reason"`
}

// buildJSON is as claimed.
type buildJSON struct {
	Format     string            `json:"format"`
	Type       *string           `json:"buildType"`
	Builder    *string           `json:"builder"`
	Source     *string           `json:"source"`
	Commit     *string           `json:"commit"`
	Entry      *string           `json:"entryPoint"`
	Run        *string           `json:"invocation"`
	StartedAt  *string           `json:"startedAt"`
	FinishedAt *string           `json:"finishedAt"`
	Args       map[string]string `json:"args"`
	Materials  []materialJSON    `json:"materials"`
}

type materialJSON struct {
	URI    string  `json:"uri"`
	Digest *string `json:"digest"`
}

func nodeDoc(n *supply.Node) nodeJSON {
	d := n.Descriptor
	out := nodeJSON{
		Kind: string(n.Kind), Digest: d.Digest, MediaType: null.Of(d.MediaType), ArtifactType: null.Of(d.ArtifactType),
		Via: null.Of(n.Via), Documents: []documentJSON{}, Signatures: signatureDocs(n.Signatures),
		Build: buildDoc(n.Build), Referrers: []nodeJSON{},
	}
	if d.Platform != nil {
		out.Platform = null.Of(d.Platform.String())
	}
	if n.Err != nil {
		out.Error = null.Of(n.Err.Error())
	}
	for _, doc := range n.Documents {
		out.Documents = append(out.Documents, documentJSON{
			string(doc.Kind), doc.Layer.Digest, null.Of(doc.Layer.MediaType), null.Of(doc.Predicate), doc.Layer.Size,
		})
	}
	for _, inner := range n.Nodes {
		out.Referrers = append(out.Referrers, nodeDoc(inner))
	}
	return out
}

func signatureDocs(all []supply.Claim) []signatureJSON {
	out := []signatureJSON{}
	for _, c := range all {
		out = append(out, signatureJSON{
			c.Scheme, c.Of, null.Of(c.Repository), null.Of(c.Identity), null.Of(c.Issuer), null.Time(c.Time),
			string(c.Verdict), null.Of(c.Key), null.Of(c.Why),
		})
	}
	return out
}

func buildDoc(b *supply.Build) *buildJSON {
	if b == nil {
		return nil
	}
	out := &buildJSON{
		b.Format, null.Of(b.Type), null.Of(b.Builder), null.Of(b.Source), null.Of(b.Commit), null.Of(b.Entry), null.Of(b.Run),
		null.Time(b.Started), null.Time(b.Finished), output.Object(b.Args),
		[]materialJSON{},
	}
	for _, m := range b.Materials {
		out.Materials = append(out.Materials, materialJSON{m.URI, null.Of(m.Digest)})
	}
	return out
}
