package inside

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/survey"
)

// Resolved is what a reference named when it was looked up, and where that is read.
type Resolved struct {
	Ref     ref.Reference // with the digest that it named
	Backend registry.Backend
}

// Resolve finds out what a reference names now.
func Resolve(ctx context.Context, a *app.App, r ref.Reference) (Resolved, error) {
	b, err := a.Open(r.Host)
	if err != nil {
		return Resolved{}, err
	}
	if err := survey.Awake(ctx, b, r); err != nil {
		return Resolved{}, err
	}
	d, err := b.Resolve(ctx, r.Repository, r.Identifier())
	r.Digest = d.Digest
	return Resolved{r, b}, err
}

// ForPlatform takes the image of one platform instead of the index.
func (e Resolved) ForPlatform(ctx context.Context, want image.Platform) (Resolved, error) {
	root, err := e.Backend.Manifest(ctx, e.Ref.Repository, string(e.Ref.Digest))
	if err != nil {
		return e, err
	}
	m, err := survey.ForPlatform(ctx, e.Backend, e.Ref.Repository, e.Ref.String(), root, want)
	e.Ref.Digest = m.Digest
	return e, err
}

// Name is the reference as people write it.
func (e Resolved) Name() string {
	r := e.Ref
	if r.Tag != "" {
		r.Digest = ""
	}
	return r.String()
}

// place is where a comparison reads it.
func (e Resolved) place() survey.Place {
	return survey.Place{Shelf: e.Backend, Repository: e.Ref.Repository, Digest: e.Ref.Digest}
}
