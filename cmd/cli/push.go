package cli

import (
	"context"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
)

func pushVerb(a *program) *cobra.Command {
	var o changeOptions
	var image string
	cmd := &cobra.Command{
		Use:   "push DIR|FILE.tar|daemon:IMAGE REFERENCE",
		Short: "Push an image from this machine: an OCI image layout, a docker archive, or the Docker engine",
		Args:  arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				return runPush(cmd.Context(), &changing{app: s, streams: a.streams, o: o}, args, image)
			})
		},
	}
	changeFlags(cmd, &o)
	cmd.Flags().StringVar(&image, "image", "", "which image of a place that has several: its `NAME` or digest there")
	return cmd
}

func runPush(ctx context.Context, c *changing, args []string, image string) error {
	to, err := copyDestination(c.app, args[1], "latest")
	if err != nil {
		return err
	}
	if err := c.may(ctx, to.Host); err != nil {
		return err
	}
	p, err := c.planner(to.Host).Push(ctx, args[0], image, to)
	if err != nil {
		return err
	}
	c.title = "push " + args[0] + " as " + to.String()
	return c.do(ctx, p)
}
