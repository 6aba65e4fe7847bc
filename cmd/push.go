package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/model/plan"
	"regatta/registry/local"
	"regatta/registry/survey"
)

func (a *program) push() *cobra.Command {
	var o changeOptions
	var image string
	cmd := &cobra.Command{
		Use:   "push DIR|FILE.tar|daemon:IMAGE REFERENCE",
		Short: "Push an image from this machine: an OCI image layout, a docker archive, or the Docker engine",
		Args:  arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				return runPush(cmd.Context(), &change{app: s, streams: a.streams, o: o}, args, image)
			})
		},
	}
	changeFlags(cmd, &o)
	cmd.Flags().StringVar(&image, "image", "", "which image of a place that has several: its `NAME` or digest there")
	return cmd
}

func runPush(ctx context.Context, c *change, args []string, image string) error {
	to, err := copyDestination(c.app, args[1], "latest")
	if err != nil {
		return err
	}
	name, err := local.Parse(args[0])
	if err != nil {
		return err
	}
	place, err := c.app.Place(name)
	if err != nil {
		return err
	}
	if err := c.may(ctx, to.Host); err != nil {
		return err
	}
	manifests, err := place.Manifests(ctx, image)
	if err != nil {
		return err
	}
	b, err := c.app.Open(to.Host)
	if err != nil {
		return err
	}
	o, err := c.app.Arriving(ctx, to.Host)
	if err != nil {
		return err
	}
	p, err := survey.Copy(ctx, b, []plan.Tree{{To: to, Manifests: manifests}}, name, o)
	if err != nil {
		return err
	}
	c.title = "push " + args[0] + " as " + to.String()
	return c.do(ctx, p)
}
