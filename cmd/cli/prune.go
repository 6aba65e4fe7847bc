package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/app/retention"
	"regatta/cmd/cli/output"
	"regatta/model/plan"
	"regatta/model/ref"
)

func pruneVerb(a *program) *cobra.Command {
	var o pruneOptions
	cmd := &cobra.Command{
		Use:   "prune HOST/REPOSITORY",
		Short: "Remove stale images by rules, and say of every image why it goes or stays",
		Long: "Remove stale images by rules. --match, --untagged, --orphans and --broken say which images, images with\n" +
			"tags where none is given; --keep-last, --older-than and --not-pulled are conditions that all have to hold.\n" +
			"An image goes with all its tags, and only if all of them match. Protected and excluded images, those in\n" +
			"use, those on the keep list and what they need always stay.",
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.last.given = cmd.Flags().Changed("keep-last")
			return a.withSession(func(s *app.App) error {
				return runPrune(cmd.Context(), &changing{app: s, streams: a.streams, o: o.changeOptions}, args[0], o)
			})
		},
	}
	changeFlags(cmd, &o.changeOptions)
	o.flags(cmd.Flags())
	return cmd
}

func runPrune(ctx context.Context, c *changing, target string, o pruneOptions) error {
	r, err := repositoryNamed(c.app, target)
	if err != nil {
		return err
	}
	rules, err := o.rules(ctx, r)
	if err != nil {
		return err
	}
	if err := c.may(ctx, r.Host); err != nil {
		return err
	}
	in, err := c.readPruned(ctx, r, o)
	if err != nil {
		return err
	}
	c.title = "prune " + r.Name()
	failed := output.Failures{List: in.Unread}
	all, at, asked := 0, c.app.Now(), o.asked
	asked.InUse = asked.InUse || !c.acts()
	if !c.acts() {
		asked.SlowList = max(asked.SlowList, plan.WhereSlow)
	}
	err = c.propose(ctx, func(ctx context.Context) (plan.Plan, error) {
		if in.View.Can, err = c.deletes(ctx, r); err != nil {
			return plan.Plan{}, err
		}
		found, p, err := c.planner(r.Host).Prune(ctx, change.Pruning{
			View: in.View, Stock: in.Stock(), Rules: rules, Archive: o.archive,
		}, at, asked)
		if err != nil {
			return p, err
		}
		if all == 0 {
			for _, line := range retention.CleanupRemarks(found, rules) {
				fmt.Fprintln(c.streams.Err, line)
			}
		}
		all = max(len(found.Verdicts), len(failed.List))
		c.preview = pruneWriter(p, found)
		return p, nil
	})
	if err != nil {
		return err
	}
	return failed.Report(c.streams.Err, "read", "images", all)
}

// deletes is what the registry deletes, as far as that may be asked by now.
func (c *changing) deletes(ctx context.Context, r ref.Reference) (plan.Capabilities, error) {
	b, err := c.planner(r.Host).Reader(r.Host)
	if err != nil {
		return plan.Capabilities{}, err
	}
	return b.ProbeDelete(ctx, r.Repository)
}

// readPruned reads the repository. Where nothing is changed, nothing is tried
// either: not even whether the registry deletes.
func (c *changing) readPruned(ctx context.Context, r ref.Reference, o pruneOptions) (*retention.Content, error) {
	b, err := c.planner(r.Host).Reader(r.Host)
	if err != nil {
		return nil, err
	}
	return readContent(ctx, c.app, c.streams, b, r, !o.yes, retention.ForRules())
}
