package supply

import (
	"strings"

	"regatta/model/image"
	"regatta/model/redact"
)

// Name is what the node is, in a word or two: "SBOM", "linux/amd64".
func (n *Node) Name() string {
	switch {
	case n.Kind == Subject && n.Descriptor.Platform != nil:
		return n.Descriptor.Platform.String()
	case n.Kind == Subject:
		return image.KindOf(n.Descriptor.MediaType, n.Descriptor.ArtifactType).String()
	}
	return string(n.Kind)
}

// Says is what the node says, in a line.
func (n *Node) Says() string {
	if n.Err != nil {
		return redact.Line(n.Err.Error())
	}
	var out []string
	for _, c := range n.Signatures {
		out = append(out, c.String())
	}
	switch {
	case n.Build != nil:
		out = append(out, n.Build.String())
	case n.Kind == Subject, n.Kind == Signature:
	default:
		for _, d := range n.Documents {
			out = append(out, d.String())
		}
	}
	return strings.Join(out, " · ")
}

// String is the document's format in a word or two.
func (d Document) String() string {
	if d.Predicate != "" {
		return strings.TrimPrefix(d.Predicate, "https://")
	}
	return image.ShortMediaType(d.Layer.MediaType)
}

// String is the verdict, and who it says has signed.
func (c Claim) String() string {
	out := string(c.Verdict)
	switch {
	case c.Key != "":
		out += " with " + c.Key
	case c.Why != "":
		out += ": " + c.Why
	}
	if c.Identity != "" {
		out += ", claims " + c.Identity
	}
	if c.Issuer != "" {
		out += " of " + c.Issuer
	}
	return out
}

// String is where the build says that the image comes from.
func (b *Build) String() string {
	const shortCommit = 12
	bare := func(uri string) string { return strings.TrimPrefix(strings.TrimPrefix(uri, "git+"), "https://") }
	out := bare(b.Source)
	if b.Commit != "" {
		out += "@" + b.Commit[:min(len(b.Commit), shortCommit)]
	}
	if b.Builder != "" {
		out += " by " + bare(b.Builder)
	}
	return strings.TrimSpace(out)
}
