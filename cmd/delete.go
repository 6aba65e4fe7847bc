package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/model/plan"
	"regatta/registry/local"
	"regatta/registry/survey"
)

type deleteOptions struct {
	changeOptions

	withTags bool
	inUse    bool
	archive  string
}

func (a *program) delete() *cobra.Command {
	var o deleteOptions
	cmd := &cobra.Command{
		Use:   "delete REFERENCE...",
		Short: "Remove images: manifests with what only they need",
		Long: "Remove images: manifests with what only they need. Give digests, or tags and --with-tags to remove the\n" +
			"images that they point to with all their tags; untag removes a tag alone.",
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				return runDelete(cmd.Context(), &change{app: s, streams: a.streams, o: o.changeOptions}, args, o)
			})
		},
	}
	changeFlags(cmd, &o.changeOptions)
	inUseFlag(cmd, &o.inUse, "delete")
	cmd.Flags().BoolVar(&o.withTags, "with-tags", false, "take all tags of a tagged image along")
	cmd.Flags().StringVar(&o.archive, "archive", "",
		"keep the whole images in the OCI image layout `DIR` first, so that undo works for ever")
	return cmd
}

func runDelete(ctx context.Context, c *change, args []string, o deleteOptions) error {
	refs, err := targets(c.app, args)
	if err != nil {
		return err
	}
	selected := plan.Selection{WithTags: o.withTags}
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
	c.title = "delete " + amount(len(refs), refs[0], "image", "images")
	return c.propose(ctx, func(ctx context.Context) (plan.Plan, error) {
		v, err := c.view(ctx, refs[0], survey.Options{Digests: selected.Digests, Referrers: true})
		if err != nil {
			return plan.Plan{}, err
		}
		p, err := c.deletePlan(ctx, v, selected, o.inUse)
		if err != nil {
			return p, err
		}
		return archivedFirst(ctx, c.app, v, p, o.archive)
	})
}

func (c *change) deletePlan(ctx context.Context, v plan.View, s plan.Selection, inUse bool) (plan.Plan, error) {
	o, err := c.app.Planning(ctx, v.Registry, inUse)
	if err != nil {
		return plan.Plan{}, err
	}
	b, err := c.app.Open(v.Registry)
	if err != nil {
		return plan.Plan{}, err
	}
	asked := c.asking()
	defer asked.clear()
	return survey.Delete(ctx, b, v, s, o, asked.add)
}

func inUseFlag(cmd *cobra.Command, to *bool, verb string) {
	cmd.Flags().BoolVar(to, "in-use", false, verb+" also images in use, or that may be (refused otherwise)")
}

// archivedFirst is a plan that keeps what it deletes in the layout dir first, if one
// is given.
func archivedFirst(ctx context.Context, s *app.App, v plan.View, p plan.Plan, dir string) (plan.Plan, error) {
	if dir == "" || p.Empty() {
		return p, nil
	}
	name, err := local.Parse("oci:" + dir)
	if err != nil {
		return p, err
	}
	place, err := s.Place(name)
	if err != nil {
		return p, err
	}
	b, err := s.Open(v.Registry)
	if err != nil {
		return p, err
	}
	catches, err := survey.Catches(ctx, b, v.Whole(p), place, nil)
	if err != nil {
		return p, err
	}
	return plan.Archived(p, catches, name), nil
}
