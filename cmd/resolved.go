package cmd

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/survey"
)

// end is one side of a comparison.
type end struct {
	ref     ref.Reference // with the digest that is compared
	backend registry.Backend
}

// endOf finds out what a reference names now.
func endOf(ctx context.Context, s *app.App, r ref.Reference) (end, error) {
	b, err := s.Open(r.Host)
	if err != nil {
		return end{}, err
	}
	if err := survey.Awake(ctx, b, r); err != nil {
		return end{}, err
	}
	d, err := b.Resolve(ctx, r.Repository, r.Identifier())
	r.Digest = d.Digest
	return end{r, b}, err
}

// choose takes the image of one platform instead of the index.
func (e end) choose(ctx context.Context, want image.Platform) (end, error) {
	root, err := e.backend.Manifest(ctx, e.ref.Repository, string(e.ref.Digest))
	if err != nil {
		return e, err
	}
	m, err := survey.ForPlatform(ctx, e.backend, e.ref.Repository, e.ref.String(), root, want)
	e.ref.Digest = m.Digest
	return e, err
}

// name is the reference as people write it.
func (e end) name() string {
	r := e.ref
	if r.Tag != "" {
		r.Digest = ""
	}
	return r.String()
}

func (e end) place() survey.Place {
	return survey.Place{Shelf: e.backend, Repository: e.ref.Repository, Digest: e.ref.Digest}
}
