// Package changes has the verbs that change a registry, each by a plan, and the journal of
// what they did. It imports app and model.
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
)

// DeleteOptions are what a delete may do beyond what is safe.
type DeleteOptions struct {
	propose.Options

	WithTags bool
	Asked    change.Asked
	archive  string
}

// Delete is the verb delete.
func Delete(a *verb.Program) *cobra.Command {
	var o DeleteOptions
	cmd := &cobra.Command{
		Use:   "delete REFERENCE...",
		Short: "Remove images: manifests with what only they need",
		Long: "Remove images: manifests with what only they need. Give digests, or tags and --with-tags to remove the\n" +
			"images that they point to with all their tags; untag removes a tag alone.",
		Args: verb.Arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				return RunDelete(cmd.Context(), &propose.Proposal{App: s, Streams: a.Streams, Options: o.Options}, args, o)
			})
		},
	}
	propose.Flags(cmd, &o.Options)
	propose.InUseFlag(cmd, &o.Asked.InUse, "delete")
	propose.SlowListFlag(cmd.Flags(), &o.Asked)
	cmd.Flags().BoolVar(&o.WithTags, "with-tags", false, "take all tags of a tagged image along")
	cmd.Flags().StringVar(&o.archive, "archive", "",
		"keep the whole images in the OCI image layout `DIR` first, so that undo can bring all of it back later")
	return cmd
}

// RunDelete deletes images.
func RunDelete(ctx context.Context, c *propose.Proposal, args []string, o DeleteOptions) error {
	refs, err := verb.Targets(c.App, args)
	if err != nil {
		return err
	}
	what := namedBy(refs)
	what.WithTags = o.WithTags
	if err := c.May(ctx, refs[0].Host); err != nil {
		return err
	}
	c.Title = "delete " + amount(len(refs), refs[0], "image", "images")
	return c.Propose(ctx, func(ctx context.Context) (plan.Plan, error) {
		return c.Planner(refs[0].Host).Delete(ctx, what, o.archive, o.Asked)
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
