package changes

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/verb"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
)

// Retag is the verb retag.
func Retag(a *verb.Program) *cobra.Command {
	var o propose.Options
	var notWhole bool
	cmd := &cobra.Command{
		Use:   "retag REFERENCE TAG...",
		Short: "Point tags at what a reference is now, byte for byte",
		Long: "Point tags at what a reference is now, byte for byte. A TAG is a tag of the same repository, or a\n" +
			"HOST/REPOSITORY:TAG of the same registry.",
		Args: verb.Arguments(cobra.MinimumNArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				return RunRetag(cmd.Context(), &propose.Proposal{App: s, Streams: a.Streams, Options: o}, args, notWhole)
			})
		},
	}
	propose.Flags(cmd, &o)
	propose.NotWholeFlag(cmd, &notWhole)
	return cmd
}

// RunRetag points tags at an image.
func RunRetag(ctx context.Context, c *propose.Proposal, args []string, notWhole bool) error {
	from, err := verb.Targets(c.App, args[:1])
	if err != nil {
		return err
	}
	moves := make([]plan.Move, 0, len(args)-1)
	for _, arg := range args[1:] {
		to, err := newTag(c, from[0], arg)
		if err != nil {
			return err
		}
		moves = append(moves, plan.Move{From: from[0], To: to})
	}
	if err := c.May(ctx, from[0].Host); err != nil {
		return err
	}
	p, err := c.Planner(from[0].Host).Retag(ctx, moves, change.Asked{NotWhole: notWhole})
	if err != nil {
		return err
	}
	c.Title = "retag " + from[0].String() + " as " + strings.Join(args[1:], ", ")
	return c.Do(ctx, p)
}

// newTag reads a tag of from's repository, or a whole reference.
func newTag(c *propose.Proposal, from ref.Reference, arg string) (ref.Reference, error) {
	if !strings.Contains(arg, "/") {
		to := ref.Reference{Host: from.Host, Repository: from.Repository, Tag: arg}
		if err := ref.CheckTag(arg); err != nil {
			return to, app.Mistake(err)
		}
		return to, nil
	}
	to, err := ref.ParseRepository(c.App.WithHost(arg))
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
