package inside

import (
	"context"
	"io"

	"regatta/model/fault"
	scan "regatta/model/finding"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/sbom"
)

// ReadSBOM reads an SBOM as a stream.
func ReadSBOM(ctx context.Context, at Resolved, d image.Descriptor) (sbom.Document, error) {
	fail := func(err error) error {
		if _, ok := err.(*fault.Error); ok { //nolint:errorlint // what wraps one is not told by it
			return err
		}
		return &fault.Error{
			Op: "read the SBOM of", Object: at.Ref.String(), Kind: fault.Unsupported, Err: err,
			Advice: "its bytes are " + string(d.Digest) + "; `regatta inspect` and crane blob can fetch them",
		}
	}
	content, err := at.Backend.Blob(ctx, at.Ref.Repository, d, 0)
	if err != nil {
		return sbom.Document{}, fail(err)
	}
	defer content.Close() //nolint:errcheck // what was read is verified
	doc, err := sbom.Read(content)
	if err != nil {
		return doc, fail(err)
	}
	if _, err := io.Copy(io.Discard, content); err != nil { // the digest is confirmed by its end
		return doc, err
	}
	return doc, nil
}

// SBOM reads an SBOM that accompanies the image.
func (c *SupplyChain) SBOM(ctx context.Context, d image.Descriptor) (sbom.Document, error) {
	return ReadSBOM(ctx, Resolved{Ref: c.Ref, Backend: c.at.Backend}, d)
}

// Findings are those of an image of the supply chain; none where images are not scanned.
func (c *SupplyChain) Findings(ctx context.Context, d ref.Digest) ([]scan.Finding, error) {
	sc := c.at.Backend.Abilities().Scans
	if sc == nil {
		return nil, nil
	}
	r, err := sc.Findings(ctx, c.Ref.Repository, d)
	return r.Findings, err
}

// ReadDocument reads a document as it is, and no more of it than one byte beyond most.
func ReadDocument(ctx context.Context, at Resolved, d image.Descriptor, most int64) ([]byte, error) {
	r, err := at.Backend.Blob(ctx, at.Ref.Repository, d, 0)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // what was read is verified
	return io.ReadAll(io.LimitReader(r, most+1))
}
