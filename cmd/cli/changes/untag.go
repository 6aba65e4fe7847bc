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

// Untag is the verb untag.
func Untag(a *verb.Program) *cobra.Command {
	var o propose.Options
	var inUse bool
	cmd := &cobra.Command{
		Use:   "untag REFERENCE...",
		Short: "Remove tags and nothing else: images stay, also under their other tags",
		Args:  verb.Arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				return RunUntag(cmd.Context(), &propose.Proposal{App: s, Streams: a.Streams, Options: o}, args, inUse)
			})
		},
	}
	propose.Flags(cmd, &o)
	propose.InUseFlag(cmd, &inUse, "untag")
	return cmd
}

// RunUntag removes tags, and leaves the images that they point to.
func RunUntag(ctx context.Context, c *propose.Proposal, args []string, inUse bool) error {
	refs, err := verb.Targets(c.App, args)
	if err != nil {
		return err
	}
	tags := make([]string, len(refs))
	for i, r := range refs {
		if r.Tag == "" || r.Digest != "" {
			return app.Mistakef("%q: want a tag, and no digest", r.String())
		}
		tags[i] = r.Tag
	}
	if err := c.May(ctx, refs[0].Host); err != nil {
		return err
	}
	c.Title = "untag " + amount(len(tags), refs[0], "tag", "tags")
	return c.Propose(ctx, func(ctx context.Context) (plan.Plan, error) {
		return c.Planner(refs[0].Host).Untag(ctx, refs[0], tags, change.Asked{InUse: inUse})
	})
}

// amount names one reference, or counts several of a repository.
func amount(n int, first ref.Reference, one, many string) string {
	if n == 1 {
		return first.String()
	}
	return text.Plural(n, one, many) + " of " + first.Name()
}
