package cmd

import (
	"context"
	"runtime"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry/local"
	"regatta/registry/survey"
)

type pullOptions struct {
	changeOptions

	to       string
	platform string
}

func (a *program) pull() *cobra.Command {
	var o pullOptions
	cmd := &cobra.Command{
		Use:   "pull REFERENCE... --to DIR|FILE.tar|daemon",
		Short: "Write images to this machine: an OCI image layout, a docker archive, or the Docker engine",
		Long: "Write images to this machine. A directory becomes an OCI image layout, with all platforms; a pull that\n" +
			"broke off goes on there where it was. A FILE.tar is what docker load reads, and daemon is the Docker\n" +
			"engine; both hold one platform, this machine's unless --platform says another.",
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				return runPull(cmd.Context(), &change{app: s, streams: a.streams, o: o.changeOptions}, args, o)
			})
		},
	}
	changeFlags(cmd, &o.changeOptions)
	cmd.Flags().StringVar(&o.to, "to", "", "where to: `DIR`, FILE.tar or daemon")
	cmd.Flags().StringVar(&o.platform, "platform", "", "the image of one `OS/ARCH[/VARIANT]` of an index")
	return cmd
}

func runPull(ctx context.Context, c *change, args []string, o pullOptions) error {
	if o.to == "" {
		return usagef("where to? --to DIR, FILE.tar or daemon")
	}
	what := make([]ref.Reference, len(args))
	for i, arg := range args {
		r, err := imageNamed(c.app, arg)
		switch {
		case err != nil:
			return err
		case r.Host != what[0].Host && i > 0:
			return usagef("%q is not in %s; pull from one registry at a time", text.Clean(arg), what[0].Host)
		}
		what[i] = r
	}
	platform, err := platformFlag(o.platform)
	if err != nil {
		return err
	}
	if c.acts() {
		if err := c.app.Journal().Usable(ctx); err != nil {
			return err
		}
	}
	p, err := pullPlan(ctx, c.app, what, o.to, platform)
	if err != nil {
		return err
	}
	c.title = "pull " + what[0].String()
	if len(what) > 1 {
		c.title = "pull " + text.Plural(len(what), "image", "images") + " of " + what[0].Host
	}
	return c.do(ctx, p)
}

// pullPlan plans to write images to a place as users name it.
func pullPlan(
	ctx context.Context, s *app.App, what []ref.Reference, to string, platform *image.Platform,
) (plan.Plan, error) {
	name, err := local.Parse(to)
	if err != nil {
		return plan.Plan{}, err
	}
	single := local.OneImage(name)
	if single && len(what) > 1 {
		return plan.Plan{}, usagef("%q holds one image; pull several into a directory", text.Clean(to))
	}
	if single && platform == nil {
		platform = &image.Platform{OS: "linux", Architecture: runtime.GOARCH}
	}
	place, err := s.Place(name)
	if err != nil {
		return plan.Plan{}, err
	}
	b, err := s.Open(what[0].Host)
	if err != nil {
		return plan.Plan{}, err
	}
	catches, err := survey.Catches(ctx, b, what, place, platform)
	if err != nil {
		return plan.Plan{}, err
	}
	return plan.ToPull(catches, name, s.Options(what[0].Host))
}
