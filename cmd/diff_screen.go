package cmd

import (
	"context"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/model/catalog"
	"regatta/model/diff"
	"regatta/model/ref"
	"regatta/registry/survey"
	"regatta/ui/kit"
	"regatta/ui/screen/compare"
)

// compareScreen shows how one image differs from another, of whatever registry.
func (w *wiring) compareScreen(c catalog.Context) func(from, to ref.Reference) kit.Screen {
	return func(from, to ref.Reference) kit.Screen {
		p := &pair{app: w.app, from: from, to: to}
		return compare.New(w.com, compare.Wiring{
			Context: c, From: from, To: to, Read: p.read, Findings: p.scans(),
			Packages: p.packages,
			Files: func(ctx context.Context, i diff.Image) (diff.Files, error) {
				a, b, err := p.ends(ctx)
				if err != nil {
					return diff.Files{}, err
				}
				return compareFiles(ctx, w.app, a, b, i, func(int64, int64) {})
			},
			Open: w.target,
			Swap: func() kit.Screen { return w.compareScreen(c)(to, from) },
		})
	}
}

// pair is two images that are compared.
type pair struct {
	app *app.App

	from, to ref.Reference
}

// ends finds out what the references name now.
func (p *pair) ends(ctx context.Context) (a, b inside.Resolved, err error) {
	if a, err = inside.Resolve(ctx, p.app, p.from); err == nil {
		b, err = inside.Resolve(ctx, p.app, p.to)
	}
	return a, b, err
}

func (p *pair) read(ctx context.Context) (diff.Index, error) {
	a, b, err := p.ends(ctx)
	if err != nil {
		return diff.Index{}, err
	}
	return survey.Difference(ctx, a.Place(), b.Place())
}

func (p *pair) packages(ctx context.Context, i diff.Image) (diff.Packages, error) {
	a, b, err := p.ends(ctx)
	if err != nil {
		return diff.Packages{}, err
	}
	from, err := billsOf(ctx, a)
	if err != nil {
		return diff.Packages{}, err
	}
	to, err := billsOf(ctx, b)
	if err != nil {
		return diff.Packages{}, err
	}
	return comparePackages(ctx, from, to, i)
}

// scans is nil where not both registries scan their images.
func (p *pair) scans() func(context.Context, diff.Image) (diff.Findings, error) {
	a, err := p.app.Open(p.from.Host)
	if err != nil || app.ScannerOf(a) == nil {
		return nil
	}
	b, err := p.app.Open(p.to.Host)
	if err != nil || app.ScannerOf(b) == nil {
		return nil
	}
	return func(ctx context.Context, i diff.Image) (diff.Findings, error) {
		f, _, err := compareFindings(ctx, inside.Resolved{Ref: p.from, Backend: a}, inside.Resolved{Ref: p.to, Backend: b}, i)
		return f, err
	}
}
