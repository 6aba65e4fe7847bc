package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/survey"
)

func (a *program) archive() *cobra.Command {
	var o changeOptions
	var inUse bool
	cmd := &cobra.Command{
		Use:   "archive REFERENCE...",
		Short: "Move images to the archive of Amazon ECR, from where they cannot be pulled; restore brings them back",
		Args:  arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				return runArchive(cmd.Context(), &change{app: s, streams: a.streams, o: o}, args, inUse)
			})
		},
	}
	changeFlags(cmd, &o)
	inUseFlag(cmd, &inUse, "archive")
	return cmd
}

func (a *program) restore() *cobra.Command {
	var o changeOptions
	cmd := &cobra.Command{
		Use:   "restore REFERENCE...",
		Short: "Bring images back from the archive of Amazon ECR, and wait until they can be pulled",
		Args:  arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				return runRestore(cmd.Context(), &change{app: s, streams: a.streams, o: o}, args)
			})
		},
	}
	changeFlags(cmd, &o)
	return cmd
}

func runArchive(ctx context.Context, c *change, args []string, inUse bool) error {
	refs, listed, asked, err := c.stored(ctx, args)
	if err != nil {
		return err
	}
	v, err := c.view(ctx, refs[0], survey.Options{Digests: asked})
	if err != nil {
		return err
	}
	o, err := c.app.Planning(ctx, refs[0].Host, inUse)
	if err != nil {
		return err
	}
	p, err := plan.ToArchive(v, listed, asked, o)
	if err != nil {
		return err
	}
	c.title = "archive " + amount(len(refs), refs[0], "image", "images")
	return c.do(ctx, p)
}

func runRestore(ctx context.Context, c *change, args []string) error {
	refs, listed, asked, err := c.stored(ctx, args)
	if err != nil {
		return err
	}
	b, err := c.app.Open(refs[0].Host)
	if err != nil {
		return err
	}
	p, err := restorePlan(ctx, b, refs[0], listed, asked, c.app.Options(refs[0].Host))
	if err != nil {
		return err
	}
	c.title = "restore " + amount(len(refs), refs[0], "image", "images")
	return c.do(ctx, p)
}

// stored lists the repository of what is named, and says which images are meant.
func (c *change) stored(
	ctx context.Context, args []string,
) (refs []ref.Reference, listed []image.Image, asked []ref.Digest, err error) {
	if refs, err = targets(c.app, args); err != nil {
		return nil, nil, nil, err
	}
	if err := c.may(ctx, refs[0].Host); err != nil {
		return nil, nil, nil, err
	}
	b, err := c.app.Open(refs[0].Host)
	if err != nil {
		return nil, nil, nil, err
	}
	if listed, err = listAll(ctx, b, refs[0].Repository); err != nil {
		return nil, nil, nil, err
	}
	asked, err = plan.Named(refs, listed)
	return refs, listed, asked, err
}

// restorePlan brings images back with the children that the store knows: what is
// archived cannot be read.
func restorePlan(
	ctx context.Context, b registry.Backend, r ref.Reference, listed []image.Image, asked []ref.Digest, o plan.Options,
) (plan.Plan, error) {
	children := map[ref.Digest][]ref.Digest{}
	for _, d := range asked {
		m, err := b.Manifest(ctx, r.Repository, string(d))
		if err != nil {
			continue // the plan says that its children are not known
		}
		children[d] = []ref.Digest{}
		for _, child := range m.Children {
			children[d] = append(children[d], child.Digest)
		}
	}
	v := plan.View{Registry: r.Host, Repository: r.Repository, Can: b.CanDelete()}
	return plan.ToRestore(v, listed, children, asked, o)
}

// listAll is every image of a repository as its listing shows it.
func listAll(ctx context.Context, b registry.Backend, repo string) ([]image.Image, error) {
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
