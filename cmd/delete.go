package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"regatta/model/plan"
	"regatta/registry/survey"
)

func (a *app) delete() *cobra.Command {
	var o changeOptions
	var withTags bool
	cmd := &cobra.Command{
		Use:   "delete REFERENCE...",
		Short: "Remove images: manifests with what only they need",
		Long: "Remove images: manifests with what only they need. Give digests, or tags and --with-tags to remove the\n" +
			"images that they point to with all their tags; untag removes a tag alone.",
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *session) error {
				return runDelete(cmd.Context(), &change{session: s, streams: a.streams, o: o}, args, withTags)
			})
		},
	}
	changeFlags(cmd, &o)
	cmd.Flags().BoolVar(&withTags, "with-tags", false, "take all tags of a tagged image along")
	return cmd
}

func runDelete(ctx context.Context, c *change, args []string, withTags bool) error {
	refs, err := c.targets(args)
	if err != nil {
		return err
	}
	selected := plan.Selection{WithTags: withTags}
	for _, r := range refs {
		if r.Digest != "" {
			selected.Digests = append(selected.Digests, r.Digest)
		} else {
			selected.Tags = append(selected.Tags, r.Tag)
		}
	}
	if err := c.may(ctx, refs[0].Host); err != nil {
		return err
	}
	v, err := c.view(ctx, refs[0], survey.Options{Digests: selected.Digests, Referrers: true})
	if err != nil {
		return err
	}
	p, err := plan.ToDelete(v, selected, c.options(refs[0].Host))
	if err != nil {
		return err
	}
	c.title = "delete " + amount(len(refs), refs[0], "image", "images")
	return c.do(ctx, p)
}
