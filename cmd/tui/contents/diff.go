package contents

import (
	"context"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/cmd/tui/desk"
	"regatta/model/catalog"
	"regatta/model/diff"
	"regatta/model/ref"
	"regatta/ui/kit"
	"regatta/ui/screen/compare"
)

// Compare shows how one image differs from another, of whatever registry.
func Compare(w *desk.Desk, c catalog.Context) func(from, to ref.Reference) kit.Screen {
	return func(from, to ref.Reference) kit.Screen {
		p := &pairSource{app: w.App, from: from, to: to}
		return compare.New(w.Common, compare.Wiring{
			Context: c, From: from, To: to, Read: p.read, Findings: p.scans(), Packages: p.packages, Files: p.files,
			Open: w.Open,
			Swap: func() kit.Screen { return Compare(w, c)(to, from) },
		})
	}
}

// pairSource compares two images by what their references name when that is asked.
type pairSource struct {
	app *app.App

	from, to ref.Reference
}

func (p *pairSource) read(ctx context.Context) (diff.Index, error) {
	pair, err := inside.ResolvePair(ctx, p.app, p.from, p.to)
	if err != nil {
		return diff.Index{}, err
	}
	return pair.Index(ctx)
}

func (p *pairSource) packages(ctx context.Context, i diff.Image) (diff.Packages, error) {
	pair, err := inside.ResolvePair(ctx, p.app, p.from, p.to)
	if err != nil {
		return diff.Packages{}, err
	}
	return pair.Packages(ctx, i)
}

func (p *pairSource) files(ctx context.Context, i diff.Image) (diff.Files, error) {
	pair, err := inside.ResolvePair(ctx, p.app, p.from, p.to)
	if err != nil {
		return diff.Files{}, err
	}
	return pair.Files(ctx, p.app, i, func(int64, int64) {})
}

// scans is nil where not both registries scan their images.
func (p *pairSource) scans() func(context.Context, diff.Image) (diff.Findings, error) {
	a, err := p.app.Open(p.from.Host)
	if err != nil {
		return nil
	}
	b, err := p.app.Open(p.to.Host)
	if err != nil {
		return nil
	}
	pair := inside.Pair{From: inside.Resolved{Ref: p.from, Backend: a}, To: inside.Resolved{Ref: p.to, Backend: b}}
	if !pair.Scanned() {
		return nil
	}
	return pair.Findings
}
