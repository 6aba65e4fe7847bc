package retention

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/app/retention"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/reading"
	"regatta/cmd/cli/verb"
	"regatta/model/plan"
	"regatta/model/ref"
)

// Prune is the verb prune.
func Prune(a *verb.Program) *cobra.Command {
	var o pruneOptions
	cmd := &cobra.Command{
		Use:   "prune HOST/REPOSITORY",
		Short: "Remove stale images by rules, and say of every image why it goes or stays",
		Long: "Remove stale images by rules. --match, --untagged, --orphans and --broken say which images, images with\n" +
			"tags where none is given; --keep-last, --older-than and --not-pulled are conditions that all have to hold.\n" +
			"An image goes with all its tags, and only if all of them match. Protected and excluded images, those in\n" +
			"use, those on the keep list and what they need always stay.",
		Args: verb.Arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.last.given = cmd.Flags().Changed("keep-last")
			return a.WithSession(func(s *app.App) error {
				return runPrune(cmd.Context(), &propose.Proposal{App: s, Streams: a.Streams, Options: o.Options}, args[0], o)
			})
		},
	}
	propose.Flags(cmd, &o.Options)
	o.flags(cmd.Flags())
	return cmd
}

func runPrune(ctx context.Context, c *propose.Proposal, target string, o pruneOptions) error {
	r, err := verb.RepositoryNamed(c.App, target)
	if err != nil {
		return err
	}
	rules, err := o.rules(ctx, r)
	if err != nil {
		return err
	}
	if err := c.May(ctx, r.Host); err != nil {
		return err
	}
	in, err := readPruned(ctx, c, r, o)
	if err != nil {
		return err
	}
	c.Title = "prune " + r.Name()
	failed := output.Failures{List: in.Unread}
	all, at, asked := 0, c.App.Now(), o.asked
	asked.InUse = asked.InUse || !c.Acts()
	if !c.Acts() {
		asked.SlowList = max(asked.SlowList, plan.WhereSlow)
	}
	err = c.Propose(ctx, func(ctx context.Context) (plan.Plan, error) {
		if in.View.Can, err = deletesOf(ctx, c, r); err != nil {
			return plan.Plan{}, err
		}
		found, p, err := c.Planner(r.Host).Prune(ctx, change.Pruning{
			View: in.View, Stock: in.Stock(), Rules: rules, Archive: o.archive,
		}, at, asked)
		if err != nil {
			return p, err
		}
		if all == 0 {
			for _, line := range retention.CleanupRemarks(found, rules) {
				fmt.Fprintln(c.Streams.Err, line)
			}
		}
		all = max(len(found.Verdicts), len(failed.List))
		c.Preview = pruneWriter(p, found)
		return p, nil
	})
	if err != nil {
		return err
	}
	return failed.Report(c.Streams.Err, "read", "images", all)
}

// deletesOf is what the registry deletes, as far as that may be asked by now.
func deletesOf(ctx context.Context, c *propose.Proposal, r ref.Reference) (plan.Capabilities, error) {
	b, err := c.Planner(r.Host).Reader(r.Host)
	if err != nil {
		return plan.Capabilities{}, err
	}
	return b.ProbeDelete(ctx, r.Repository)
}

// readPruned reads the repository. Where nothing is changed, nothing is tried
// either: not even whether the registry deletes.
func readPruned(ctx context.Context, c *propose.Proposal, r ref.Reference, o pruneOptions) (*retention.Content, error) {
	b, err := c.Planner(r.Host).Reader(r.Host)
	if err != nil {
		return nil, err
	}
	return reading.Content(ctx, c.App, c.Streams, b, r, !o.Yes, retention.ForRules())
}
