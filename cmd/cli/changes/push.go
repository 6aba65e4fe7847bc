package changes

import (
	"context"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/verb"
)

// Push is the verb push.
func Push(a *verb.Program) *cobra.Command {
	var o propose.Options
	var image string
	cmd := &cobra.Command{
		Use:   "push DIR|FILE.tar|daemon:IMAGE REFERENCE",
		Short: "Push an image from this machine: an OCI image layout, a docker archive, or the Docker engine",
		Args:  verb.Arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				return runPush(cmd.Context(), &propose.Proposal{App: s, Streams: a.Streams, Options: o}, args, image)
			})
		},
	}
	propose.Flags(cmd, &o)
	cmd.Flags().StringVar(&image, "image", "", "which image of a place that has several: its `NAME` or digest there")
	return cmd
}

func runPush(ctx context.Context, c *propose.Proposal, args []string, image string) error {
	to, err := copyDestination(c.App, args[1], "latest")
	if err != nil {
		return err
	}
	if err := c.May(ctx, to.Host); err != nil {
		return err
	}
	p, err := c.Planner(to.Host).Push(ctx, args[0], image, to)
	if err != nil {
		return err
	}
	c.Title = "push " + args[0] + " as " + to.String()
	return c.Do(ctx, p)
}
