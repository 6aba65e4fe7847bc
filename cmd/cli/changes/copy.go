package changes

import (
	"context"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/verb"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
)

// Copy is the verb copy.
func Copy(a *verb.Program) *cobra.Command {
	var o propose.Options
	var referrers, notWhole bool
	cmd := &cobra.Command{
		Use:   "copy SOURCE TARGET",
		Short: "Copy an image, all platforms, byte for byte, to another repository or registry",
		Long: "Copy an image, all platforms, byte for byte, to another repository or registry. Blobs that are there are\n" +
			"not sent; in one registry they are mounted. A TARGET without a tag gets that of SOURCE, if it has one.",
		Args: verb.Arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				return RunCopy(cmd.Context(), &propose.Proposal{App: s, Streams: a.Streams, Options: o}, args, referrers, notWhole)
			})
		},
	}
	propose.Flags(cmd, &o)
	referrersFlag(cmd, &referrers)
	propose.NotWholeFlag(cmd, &notWhole)
	return cmd
}

// RunCopy copies an image to another repository, or another registry.
func RunCopy(ctx context.Context, c *propose.Proposal, args []string, referrers, notWhole bool) error {
	from, err := copySource(c.App, args[0])
	if err != nil {
		return err
	}
	to, err := copyDestination(c.App, args[1], from.Tag)
	if err != nil {
		return err
	}
	if err := c.May(ctx, to.Host); err != nil {
		return err
	}
	p, err := c.Planner(to.Host).Copy(ctx, []plan.Move{{From: from, To: to}}, referrers, change.Asked{NotWhole: notWhole})
	if err != nil {
		return err
	}
	c.Title = "copy " + from.String() + " to " + to.String()
	return c.Do(ctx, p)
}

func referrersFlag(cmd *cobra.Command, to *bool) {
	cmd.Flags().BoolVar(to, "referrers", false, "take signatures, SBOMs and all else that refers to it along")
}

// copySource is an image to take: its tag or digest has to be given.
func copySource(s *app.App, arg string) (ref.Reference, error) {
	r, err := ref.ParseRepository(s.WithHost(arg))
	switch {
	case err != nil:
		return r, app.Mistake(err)
	case r.Tag == "" && r.Digest == "":
		return r, app.Mistakef("%q names no image; want HOST/REPOSITORY:TAG or @DIGEST", text.Clean(arg))
	}
	return r, nil
}

// copyDestination is where an image goes; without a tag it gets the one given.
func copyDestination(s *app.App, arg, tag string) (ref.Reference, error) {
	r, err := ref.ParseRepository(s.WithHost(arg))
	switch {
	case err != nil:
		return r, app.Mistake(err)
	case r.Digest != "":
		return r, app.Mistakef("%q: want a repository, with a tag or without, and no digest", text.Clean(arg))
	case r.Tag == "":
		r.Tag = tag
	}
	return r, nil
}
