package cmd

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry/survey"
)

func (a *program) retag() *cobra.Command {
	var o changeOptions
	var notWhole bool
	cmd := &cobra.Command{
		Use:   "retag REFERENCE TAG...",
		Short: "Point tags at what a reference is now, byte for byte",
		Long: "Point tags at what a reference is now, byte for byte. A TAG is a tag of the same repository, or a\n" +
			"HOST/REPOSITORY:TAG of the same registry.",
		Args: arguments(cobra.MinimumNArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				return runRetag(cmd.Context(), &change{app: s, streams: a.streams, o: o}, args, notWhole)
			})
		},
	}
	changeFlags(cmd, &o)
	notWholeFlag(cmd, &notWhole)
	return cmd
}

func notWholeFlag(cmd *cobra.Command, to *bool) {
	cmd.Flags().BoolVar(to, "not-whole", false,
		"also point tags at images that cannot be pulled whole (refused otherwise)")
}

func runRetag(ctx context.Context, c *change, args []string, notWhole bool) error {
	from, err := targets(c.app, args[:1])
	if err != nil {
		return err
	}
	repos := []ref.Reference{from[0]}
	moves := make([]plan.Move, 0, len(args)-1)
	for _, arg := range args[1:] {
		to, err := c.newTag(from[0], arg)
		if err != nil {
			return err
		}
		moves = append(moves, plan.Move{From: from[0], To: to})
		repos = append(repos, to)
	}
	if err := c.may(ctx, from[0].Host); err != nil {
		return err
	}
	p, err := c.retagPlan(ctx, repos, moves, notWhole)
	if err != nil {
		return err
	}
	c.title = "retag " + from[0].String() + " as " + strings.Join(args[1:], ", ")
	return c.do(ctx, p)
}

// retagPlan copies where a tag is of another repository than its image.
func (c *change) retagPlan(
	ctx context.Context, repos []ref.Reference, moves []plan.Move, notWhole bool,
) (plan.Plan, error) {
	for _, m := range moves {
		if m.From.Repository != m.To.Repository {
			return copyPlan(ctx, c.app, moves, false, notWhole)
		}
	}
	views, err := c.views(ctx, repos)
	if err != nil {
		return plan.Plan{}, err
	}
	o, err := c.app.Planning(ctx, repos[0].Host, false)
	if err != nil {
		return plan.Plan{}, err
	}
	o.NotWhole = notWhole
	return toRetag(ctx, c.app, views, moves, o)
}

// toRetag plans to set tags, after asking whether their images are whole.
func toRetag(
	ctx context.Context, s *app.App, views []plan.View, moves []plan.Move, o plan.Options,
) (plan.Plan, error) {
	b, err := s.Open(moves[0].From.Host)
	if err != nil {
		return plan.Plan{}, err
	}
	if o.Broken, err = survey.Broken(ctx, b, plan.Targets(views, moves)...); err != nil {
		return plan.Plan{}, err
	}
	return plan.ToRetag(views, moves, o)
}

// newTag reads a tag of from's repository, or a whole reference.
func (c *change) newTag(from ref.Reference, arg string) (ref.Reference, error) {
	if !strings.Contains(arg, "/") {
		to := ref.Reference{Host: from.Host, Repository: from.Repository, Tag: arg}
		if err := ref.CheckTag(arg); err != nil {
			return to, usageError{err}
		}
		return to, nil
	}
	to, err := ref.ParseRepository(c.app.WithHost(arg))
	switch {
	case err != nil:
		return to, usageError{err}
	case to.Tag == "" || to.Digest != "":
		return to, usagef("%q: want a tag, and no digest", text.Clean(arg))
	case to.Host != from.Host:
		return to, usagef("%q is in another registry than %s", text.Clean(arg), from.Name())
	}
	return to, nil
}

// views reads every repository once.
func (c *change) views(ctx context.Context, repos []ref.Reference) ([]plan.View, error) {
	var out []plan.View
	seen := map[string]bool{}
	for _, r := range repos {
		if seen[r.Repository] {
			continue
		}
		seen[r.Repository] = true
		v, err := c.view(ctx, r, survey.Options{})
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
