package cli

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/model/plan"
	"regatta/model/ref"
)

type deleteOptions struct {
	changeOptions

	withTags bool
	asked    change.Asked
	archive  string
}

func deleteVerb(a *program) *cobra.Command {
	var o deleteOptions
	cmd := &cobra.Command{
		Use:   "delete REFERENCE...",
		Short: "Remove images: manifests with what only they need",
		Long: "Remove images: manifests with what only they need. Give digests, or tags and --with-tags to remove the\n" +
			"images that they point to with all their tags; untag removes a tag alone.",
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				return runDelete(cmd.Context(), &changing{app: s, streams: a.streams, o: o.changeOptions}, args, o)
			})
		},
	}
	changeFlags(cmd, &o.changeOptions)
	inUseFlag(cmd, &o.asked.InUse, "delete")
	slowListFlag(cmd.Flags(), &o.asked)
	cmd.Flags().BoolVar(&o.withTags, "with-tags", false, "take all tags of a tagged image along")
	cmd.Flags().StringVar(&o.archive, "archive", "",
		"keep the whole images in the OCI image layout `DIR` first, so that undo can bring all of it back later")
	return cmd
}

func runDelete(ctx context.Context, c *changing, args []string, o deleteOptions) error {
	refs, err := targets(c.app, args)
	if err != nil {
		return err
	}
	what := namedBy(refs)
	what.WithTags = o.withTags
	if err := c.may(ctx, refs[0].Host); err != nil {
		return err
	}
	c.title = "delete " + amount(len(refs), refs[0], "image", "images")
	return c.propose(ctx, func(ctx context.Context) (plan.Plan, error) {
		return c.planner(refs[0].Host).Delete(ctx, what, o.archive, o.asked)
	})
}

// namedBy are the images that references of one repository name.
func namedBy(refs []ref.Reference) change.Named {
	out := change.Named{In: refs[0]}
	for _, r := range refs {
		if r.Digest != "" {
			out.Digests = append(out.Digests, r.Digest)
		} else {
			out.Tags = append(out.Tags, r.Tag)
		}
	}
	return out
}

func slowListFlag(f *pflag.FlagSet, to *change.Asked) {
	f.BoolFunc("slow-list", "also by a list of tags that takes longer than a delete is sure for (refused otherwise)",
		func(string) error {
			to.SlowList = plan.AnyAge
			return nil
		})
}

func inUseFlag(cmd *cobra.Command, to *bool, verb string) {
	cmd.Flags().BoolVar(to, "in-use", false, verb+" also images in use, or that may be (refused otherwise)")
}
