package change

import (
	"context"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/survey"
)

// Archive plans to move images to the archive, from where they cannot be pulled.
func (p Planner) Archive(ctx context.Context, what Named, o Asked) (plan.Plan, error) {
	_, listed, asked, err := p.stored(ctx, what)
	if err != nil {
		return plan.Plan{}, err
	}
	v, err := p.View(ctx, what.In, survey.Options{Digests: asked})
	if err != nil {
		return plan.Plan{}, err
	}
	with, err := p.App.Planning(ctx, what.In.Host, o.InUse)
	if err != nil {
		return plan.Plan{}, err
	}
	return plan.ToArchive(v, listed, asked, with)
}

// Restore plans to bring images back with the children that the store knows: what is
// archived cannot be read.
func (p Planner) Restore(ctx context.Context, what Named) (plan.Plan, error) {
	b, listed, asked, err := p.stored(ctx, what)
	if err != nil {
		return plan.Plan{}, err
	}
	children := map[ref.Digest][]ref.Digest{}
	for _, d := range asked {
		m, err := b.Manifest(ctx, what.In.Repository, string(d))
		if err != nil {
			continue // the plan says that its children are not known
		}
		children[d] = []ref.Digest{}
		for _, child := range m.Children {
			children[d] = append(children[d], child.Digest)
		}
	}
	v := plan.View{Registry: what.In.Host, Repository: what.In.Repository, Can: b.CanDelete()}
	return plan.ToRestore(v, listed, children, asked, p.App.Options(what.In.Host))
}

// stored lists the repository of what is named, and says which images are meant.
func (p Planner) stored(
	ctx context.Context, what Named,
) (b registry.Backend, listed []image.Image, asked []ref.Digest, err error) {
	if b, err = p.App.Open(what.In.Host); err != nil {
		return nil, nil, nil, err
	}
	if listed, err = List(ctx, b, what.In.Repository); err != nil {
		return nil, nil, nil, err
	}
	asked, err = plan.Named(what.references(), listed)
	return b, listed, asked, err
}

func (n Named) references() []ref.Reference {
	at := ref.Reference{Host: n.In.Host, Repository: n.In.Repository}
	out := make([]ref.Reference, 0, len(n.Tags)+len(n.Digests))
	for _, t := range n.Tags {
		r := at
		r.Tag = t
		out = append(out, r)
	}
	for _, d := range n.Digests {
		r := at
		r.Digest = d
		out = append(out, r)
	}
	return out
}

// List is every image of a repository as its listing shows it.
func List(ctx context.Context, b registry.Backend, repo string) ([]image.Image, error) {
	var out []image.Image
	for cursor := ""; ; {
		page, err := b.Images(ctx, repo, cursor)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Images...)
		if cursor = page.Next; cursor == "" {
			return out, nil
		}
	}
}
