package cli

import (
	"context"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
)

func untagVerb(a *program) *cobra.Command {
	var o changeOptions
	var inUse bool
	cmd := &cobra.Command{
		Use:   "untag REFERENCE...",
		Short: "Remove tags and nothing else: images stay, also under their other tags",
		Args:  arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				return runUntag(cmd.Context(), &changing{app: s, streams: a.streams, o: o}, args, inUse)
			})
		},
	}
	changeFlags(cmd, &o)
	inUseFlag(cmd, &inUse, "untag")
	return cmd
}

func runUntag(ctx context.Context, c *changing, args []string, inUse bool) error {
	refs, err := targets(c.app, args)
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
	if err := c.may(ctx, refs[0].Host); err != nil {
		return err
	}
	c.title = "untag " + amount(len(tags), refs[0], "tag", "tags")
	return c.propose(ctx, func(ctx context.Context) (plan.Plan, error) {
		return c.planner(refs[0].Host).Untag(ctx, refs[0], tags, change.Asked{InUse: inUse})
	})
}

// amount names one reference, or counts several of a repository.
func amount(n int, first ref.Reference, one, many string) string {
	if n == 1 {
		return first.String()
	}
	return text.Plural(n, one, many) + " of " + first.Name()
}

// targets are references of one repository, each with a tag or a digest: a
// change never guesses that latest is meant.
func targets(s *app.App, args []string) ([]ref.Reference, error) {
	out := make([]ref.Reference, len(args))
	for i, arg := range args {
		r, err := ref.ParseRepository(s.WithHost(arg))
		switch {
		case err != nil:
			return nil, app.Mistake(err)
		case r.Tag == "" && r.Digest == "":
			return nil, app.Mistakef("%q names no image; want HOST/REPOSITORY:TAG or @DIGEST", text.Clean(arg))
		case i > 0 && r.Name() != out[0].Name():
			return nil, app.Mistakef("%q is not in %s; change one repository at a time", text.Clean(arg), out[0].Name())
		}
		if err := checkHost(s, r.Host); err != nil {
			return nil, err
		}
		out[i] = r
	}
	return out, nil
}
