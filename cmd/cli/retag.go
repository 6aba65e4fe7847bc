package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
)

func retagVerb(a *program) *cobra.Command {
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
				return runRetag(cmd.Context(), &changing{app: s, streams: a.streams, o: o}, args, notWhole)
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

func runRetag(ctx context.Context, c *changing, args []string, notWhole bool) error {
	from, err := targets(c.app, args[:1])
	if err != nil {
		return err
	}
	moves := make([]plan.Move, 0, len(args)-1)
	for _, arg := range args[1:] {
		to, err := c.newTag(from[0], arg)
		if err != nil {
			return err
		}
		moves = append(moves, plan.Move{From: from[0], To: to})
	}
	if err := c.may(ctx, from[0].Host); err != nil {
		return err
	}
	p, err := c.planner(from[0].Host).Retag(ctx, moves, change.Asked{NotWhole: notWhole})
	if err != nil {
		return err
	}
	c.title = "retag " + from[0].String() + " as " + strings.Join(args[1:], ", ")
	return c.do(ctx, p)
}

// newTag reads a tag of from's repository, or a whole reference.
func (c *changing) newTag(from ref.Reference, arg string) (ref.Reference, error) {
	if !strings.Contains(arg, "/") {
		to := ref.Reference{Host: from.Host, Repository: from.Repository, Tag: arg}
		if err := ref.CheckTag(arg); err != nil {
			return to, app.Mistake(err)
		}
		return to, nil
	}
	to, err := ref.ParseRepository(c.app.WithHost(arg))
	switch {
	case err != nil:
		return to, app.Mistake(err)
	case to.Tag == "" || to.Digest != "":
		return to, app.Mistakef("%q: want a tag, and no digest", text.Clean(arg))
	case to.Host != from.Host:
		return to, app.Mistakef("%q is in another registry than %s", text.Clean(arg), from.Name())
	}
	return to, nil
}
