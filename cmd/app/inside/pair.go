package inside

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/diff"
	"regatta/model/ref"
	"regatta/registry/survey"
)

// Pair is two images that are compared.
type Pair struct {
	From, To Resolved
}

// ResolvePair finds out what two references name now.
func ResolvePair(ctx context.Context, a *app.App, from, to ref.Reference) (p Pair, err error) {
	if p.From, err = Resolve(ctx, a, from); err == nil {
		p.To, err = Resolve(ctx, a, to)
	}
	return p, err
}

// Index compares manifests and configs.
func (p Pair) Index(ctx context.Context) (diff.Index, error) {
	return survey.Difference(ctx, p.From.place(), p.To.place())
}

// Scanned reports whether both registries scan their images.
func (p Pair) Scanned() bool {
	return p.From.Backend.Abilities().Scans != nil && p.To.Backend.Abilities().Scans != nil
}

// Findings compares what was found in two images of a platform, where both are Scanned.
func (p Pair) Findings(ctx context.Context, i diff.Image) (diff.Findings, error) {
	a, err := p.From.Backend.Abilities().Scans.Findings(ctx, p.From.Ref.Repository, i.From)
	if err != nil {
		return diff.Findings{}, err
	}
	b, err := p.To.Backend.Abilities().Scans.Findings(ctx, p.To.Ref.Repository, i.To)
	return diff.CompareFindings(a, b), err
}

// Packages compares the SBOMs of two images of a platform.
func (p Pair) Packages(ctx context.Context, i diff.Image) (diff.Packages, error) {
	bills, err := p.bills(ctx)
	if err != nil {
		return diff.Packages{}, err
	}
	return bills.packages(ctx, i)
}

// Files compares the files of two images of a platform. Of the layers that they share
// nothing is read twice.
func (p Pair) Files(ctx context.Context, a *app.App, i diff.Image, progress Progress) (diff.Files, error) {
	p.From.Ref.Digest, p.To.Ref.Digest = i.From, i.To
	from, err := filesOf(ctx, a, p.From, progress)
	if err != nil {
		return diff.Files{}, err
	}
	to, err := filesOf(ctx, a, p.To, progress)
	if err != nil {
		return diff.Files{}, err
	}
	return diff.CompareFiles(from.Files.Root, to.Files.Root), nil
}

// filesOf reads all files of an image.
func filesOf(ctx context.Context, a *app.App, e Resolved, progress Progress) (*Image, error) {
	in, err := Open(ctx, a, e, nil)
	if err != nil {
		return nil, err
	}
	if err := in.Read(ctx, progress); err != nil {
		return nil, err
	}
	return in, in.unread("compare", "the files", "what differs")
}
