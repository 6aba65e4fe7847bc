package changes

import (
	"context"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/verb"
	"regatta/model/ref"
	"regatta/model/text"
)

type pullOptions struct {
	propose.Options

	to       string
	platform string
}

// Pull is the verb pull.
func Pull(a *verb.Program) *cobra.Command {
	var o pullOptions
	cmd := &cobra.Command{
		Use:   "pull REFERENCE... --to DIR|FILE.tar|daemon",
		Short: "Write images to this machine: an OCI image layout, a docker archive, or the Docker engine",
		Long: "Write images to this machine. A directory becomes an OCI image layout, with all platforms; a pull that\n" +
			"broke off goes on there where it was. A FILE.tar is what docker load reads, and daemon is the Docker\n" +
			"engine; both hold one platform, this machine's unless --platform says another.",
		Args: verb.Arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				return runPull(cmd.Context(), &propose.Proposal{App: s, Streams: a.Streams, Options: o.Options}, args, o)
			})
		},
	}
	propose.Flags(cmd, &o.Options)
	cmd.Flags().StringVar(&o.to, "to", "", "where to: `DIR`, FILE.tar or daemon")
	cmd.Flags().StringVar(&o.platform, "platform", "", "the image of one `OS/ARCH[/VARIANT]` of an index")
	return cmd
}

func runPull(ctx context.Context, c *propose.Proposal, args []string, o pullOptions) error {
	if o.to == "" {
		return app.Mistakef("where to? --to DIR, FILE.tar or daemon")
	}
	what := make([]ref.Reference, len(args))
	for i, arg := range args {
		r, err := verb.ImageNamed(c.App, arg)
		switch {
		case err != nil:
			return err
		case r.Host != what[0].Host && i > 0:
			return app.Mistakef("%q is not in %s; pull from one registry at a time", text.Clean(arg), what[0].Host)
		}
		what[i] = r
	}
	platform, err := verb.PlatformFlag(o.platform)
	if err != nil {
		return err
	}
	if c.Acts() {
		if err := c.App.Journal().Usable(ctx); err != nil {
			return err
		}
	}
	p, err := c.Planner(what[0].Host).Pull(ctx, what, o.to, platform)
	if err != nil {
		return err
	}
	c.Title = "pull " + what[0].String()
	if len(what) > 1 {
		c.Title = "pull " + text.Plural(len(what), "image", "images") + " of " + what[0].Host
	}
	return c.Do(ctx, p)
}
