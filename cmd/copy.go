package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry/survey"
)

func (a *program) copy() *cobra.Command {
	var o changeOptions
	var referrers, notWhole bool
	cmd := &cobra.Command{
		Use:   "copy SOURCE TARGET",
		Short: "Copy an image, all platforms, byte for byte, to another repository or registry",
		Long: "Copy an image, all platforms, byte for byte, to another repository or registry. Blobs that are there are\n" +
			"not sent; in one registry they are mounted. A TARGET without a tag gets that of SOURCE, if it has one.",
		Args: arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				return runCopy(cmd.Context(), &change{app: s, streams: a.streams, o: o}, args, referrers, notWhole)
			})
		},
	}
	changeFlags(cmd, &o)
	referrersFlag(cmd, &referrers)
	notWholeFlag(cmd, &notWhole)
	return cmd
}

func runCopy(ctx context.Context, c *change, args []string, referrers, notWhole bool) error {
	from, err := copySource(c.app, args[0])
	if err != nil {
		return err
	}
	to, err := copyDestination(c.app, args[1], from.Tag)
	if err != nil {
		return err
	}
	if err := c.may(ctx, to.Host); err != nil {
		return err
	}
	p, err := copyPlan(ctx, c.app, []plan.Move{{From: from, To: to}}, referrers, notWhole)
	if err != nil {
		return err
	}
	c.title = "copy " + from.String() + " to " + to.String()
	return c.do(ctx, p)
}

func referrersFlag(cmd *cobra.Command, to *bool) {
	cmd.Flags().BoolVar(to, "referrers", false, "take signatures, SBOMs and all else that refers to it along")
}

// copySource is an image to take: its tag or digest has to be given.
func copySource(s *app.App, arg string) (ref.Reference, error) {
	r, err := ref.ParseRepository(s.WithHost(arg))
	switch {
	case err != nil:
		return r, usageError{err}
	case r.Tag == "" && r.Digest == "":
		return r, usagef("%q names no image; want HOST/REPOSITORY:TAG or @DIGEST", text.Clean(arg))
	}
	return r, nil
}

// copyDestination is where an image goes; without a tag it gets the one given.
func copyDestination(s *app.App, arg, tag string) (ref.Reference, error) {
	r, err := ref.ParseRepository(s.WithHost(arg))
	switch {
	case err != nil:
		return r, usageError{err}
	case r.Digest != "":
		return r, usagef("%q: want a repository, with a tag or without, and no digest", text.Clean(arg))
	case r.Tag == "":
		r.Tag = tag
	}
	return r, nil
}

// copyPlan reads what is to be copied and what is there of it. All of it comes
// from one registry, and goes to one.
func copyPlan(
	ctx context.Context, s *app.App, moves []plan.Move, referrers, notWhole bool,
) (plan.Plan, error) {
	from, err := s.Open(moves[0].From.Host)
	if err != nil {
		return plan.Plan{}, err
	}
	host := moves[0].To.Host
	to, err := s.Open(host)
	if err != nil {
		return plan.Plan{}, err
	}
	trees, err := survey.Trees(ctx, from, moves, referrers)
	if err != nil {
		return plan.Plan{}, err
	}
	o, err := s.Arriving(ctx, host)
	if err != nil {
		return plan.Plan{}, err
	}
	o.NotWhole = notWhole
	p, err := survey.Copy(ctx, to, trees, "", o)
	if err == nil && !referrers {
		p.Notes = append(p.Notes, "signatures and other referrers stay behind; --referrers takes them along")
	}
	return p, err
}
