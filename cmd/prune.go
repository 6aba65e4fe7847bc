package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/model/cleanup"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry/survey"
)

func (a *program) prune() *cobra.Command {
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
	all, at := 0, c.app.Now()
	err = c.propose(ctx, func(ctx context.Context) (plan.Plan, error) {
		if in.view.Can, err = c.deletes(ctx, r); err != nil {
			return plan.Plan{}, err
		}
		found, p, err := c.planner(r.Host).Prune(ctx, change.Pruning{
			View: in.view, Stock: in.stock(), Rules: rules, Archive: o.archive,
		}, at, change.Asked{InUse: o.inUse || !c.acts()})
		if err != nil {
			return p, err
		}
		if all == 0 {
			in.remark(c.streams, found, rules)
		}
		all = max(len(found.Verdicts), len(in.failed.list))
		c.preview = pruneWriter(p, found)
		return p, nil
	})
	if err != nil {
		return err
	}
	return in.failed.report(c.streams.Err, "read", "images", all)
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
func (c *changing) readPruned(ctx context.Context, r ref.Reference, o pruneOptions) (*content, error) {
	b, err := c.planner(r.Host).Reader(r.Host)
	if err != nil {
		return nil, err
	}
	return readContent(ctx, c.app, c.streams, b, r, !o.yes, prunedParts())
}

// prunedParts are what rules look at.
func prunedParts() survey.Options { return survey.Options{Referrers: true, Subjects: true} }

// madeOf counts the images of which only is known when they were made.
func madeOf(stock *cleanup.Stock) (n int) {
	for i := range stock.Images {
		if stock.Images[i].Made {
			n++
		}
	}
	return n
}

// remark says on what the result rests.
func (in *content) remark(streams Streams, found *cleanup.Selection, rules cleanup.Rules) {
	made := madeOf(found.Stock)
	byTime := rules.OlderThan > 0 || rules.NotPulled > 0 || rules.Last != nil && rules.Last.By == cleanup.ByPushed
	if made > 0 && byTime {
		fmt.Fprintf(streams.Err, "the registry does not tell when images were pushed: %s from when they were made\n",
			text.Plural(made, "image counts", "images count"))
	}
	if n := rules.Keep.Elsewhere; n > 0 {
		fmt.Fprintf(streams.Err, "the keep list names %s of other repositories\n", text.Plural(n, "image", "images"))
	}
	for _, entry := range found.Idle() {
		fmt.Fprintf(streams.Err, "nothing is kept by the keep list, %s\n", text.Clean(entry))
	}
}
