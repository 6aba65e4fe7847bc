package changes

import (
	"context"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/verb"
	"regatta/model/ref"
)

// Archive is the verb archive.
func Archive(a *verb.Program) *cobra.Command {
	var o propose.Options
	var inUse bool
	cmd := &cobra.Command{
		Use:   "archive REFERENCE...",
		Short: "Move images to the archive of Amazon ECR, from where they cannot be pulled; restore brings them back",
		Args:  verb.Arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				return runArchive(cmd.Context(), &propose.Proposal{App: s, Streams: a.Streams, Options: o}, args, inUse)
			})
		},
	}
	propose.Flags(cmd, &o)
	propose.InUseFlag(cmd, &inUse, "archive")
	return cmd
}

// Restore is the verb restore.
func Restore(a *verb.Program) *cobra.Command {
	var o propose.Options
	cmd := &cobra.Command{
		Use:   "restore REFERENCE...",
		Short: "Bring images back from the archive of Amazon ECR, and wait until they can be pulled",
		Args:  verb.Arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				return runRestore(cmd.Context(), &propose.Proposal{App: s, Streams: a.Streams, Options: o}, args)
			})
		},
	}
	propose.Flags(cmd, &o)
	return cmd
}

func runArchive(ctx context.Context, c *propose.Proposal, args []string, inUse bool) error {
	refs, err := toStore(ctx, c, args)
	if err != nil {
		return err
	}
	p, err := c.Planner(refs[0].Host).Archive(ctx, namedBy(refs), change.Asked{InUse: inUse})
	if err != nil {
		return err
	}
	c.Title = "archive " + amount(len(refs), refs[0], "image", "images")
	return c.Do(ctx, p)
}

func runRestore(ctx context.Context, c *propose.Proposal, args []string) error {
	refs, err := toStore(ctx, c, args)
	if err != nil {
		return err
	}
	p, err := c.Planner(refs[0].Host).Restore(ctx, namedBy(refs))
	if err != nil {
		return err
	}
	c.Title = "restore " + amount(len(refs), refs[0], "image", "images")
	return c.Do(ctx, p)
}

// toStore are the images that are to be stored otherwise, if that may be.
func toStore(ctx context.Context, c *propose.Proposal, args []string) ([]ref.Reference, error) {
	refs, err := verb.Targets(c.App, args)
	if err != nil {
		return nil, err
	}
	return refs, c.May(ctx, refs[0].Host)
}
