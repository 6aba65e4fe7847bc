package cli

import (
	"context"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/model/ref"
)

func archiveVerb(a *program) *cobra.Command {
	var o changeOptions
	var inUse bool
	cmd := &cobra.Command{
		Use:   "archive REFERENCE...",
		Short: "Move images to the archive of Amazon ECR, from where they cannot be pulled; restore brings them back",
		Args:  arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				return runArchive(cmd.Context(), &changing{app: s, streams: a.streams, o: o}, args, inUse)
			})
		},
	}
	changeFlags(cmd, &o)
	inUseFlag(cmd, &inUse, "archive")
	return cmd
}

func restoreVerb(a *program) *cobra.Command {
	var o changeOptions
	cmd := &cobra.Command{
		Use:   "restore REFERENCE...",
		Short: "Bring images back from the archive of Amazon ECR, and wait until they can be pulled",
		Args:  arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				return runRestore(cmd.Context(), &changing{app: s, streams: a.streams, o: o}, args)
			})
		},
	}
	changeFlags(cmd, &o)
	return cmd
}

func runArchive(ctx context.Context, c *changing, args []string, inUse bool) error {
	refs, err := c.toStore(ctx, args)
	if err != nil {
		return err
	}
	p, err := c.planner(refs[0].Host).Archive(ctx, namedBy(refs), change.Asked{InUse: inUse})
	if err != nil {
		return err
	}
	c.title = "archive " + amount(len(refs), refs[0], "image", "images")
	return c.do(ctx, p)
}

func runRestore(ctx context.Context, c *changing, args []string) error {
	refs, err := c.toStore(ctx, args)
	if err != nil {
		return err
	}
	p, err := c.planner(refs[0].Host).Restore(ctx, namedBy(refs))
	if err != nil {
		return err
	}
	c.title = "restore " + amount(len(refs), refs[0], "image", "images")
	return c.do(ctx, p)
}

// toStore are the images that are to be stored otherwise, if that may be.
func (c *changing) toStore(ctx context.Context, args []string) ([]ref.Reference, error) {
	refs, err := targets(c.app, args)
	if err != nil {
		return nil, err
	}
	return refs, c.may(ctx, refs[0].Host)
}
