package cmd

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/model/cleanup"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
	"regatta/registry"
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
				return runPrune(cmd.Context(), &change{app: s, streams: a.streams, o: o.changeOptions}, args[0], o)
			})
		},
	}
	changeFlags(cmd, &o.changeOptions)
	o.flags(cmd.Flags())
	return cmd
}

func runPrune(ctx context.Context, c *change, target string, o pruneOptions) error {
	r, err := repositoryNamed(c.app, target)
	if err != nil {
		return err
	}
	rules, err := o.rules(r)
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
		found, p, err := c.pruned(ctx, pruning{
			content: in, target: r, rules: rules, at: at, inUse: o.inUse || !c.acts(),
		})
		if err != nil {
			return p, err
		}
		if p, err = archivedFirst(ctx, c.app, in.view, p, o.archive); err != nil {
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

// pruned is pruning, and says how far it is.
func (c *change) pruned(ctx context.Context, in pruning) (*cleanup.Selection, plan.Plan, error) {
	b, err := c.app.Open(in.target.Host)
	if err != nil {
		return nil, plan.Plan{}, err
	}
	asked := c.asking()
	defer asked.clear()
	in.backend, in.progress = b, asked.add
	return prunedBy(ctx, c.app, in)
}

// asking counts how often other repositories are asked what they hold.
func (c *change) asking() *progress {
	return c.streams.progress(c.app.Now, "check", "blobs in other repositories")
}

// deletes is what the registry deletes, as far as that may be asked by now.
func (c *change) deletes(ctx context.Context, r ref.Reference) (plan.Capabilities, error) {
	b, err := c.app.Open(r.Host)
	if err != nil {
		return plan.Capabilities{}, err
	}
	return c.reader(b, r.Host).ProbeDelete(ctx, r.Repository)
}

// readPruned reads the repository. Where nothing is changed, nothing is tried
// either: not even whether the registry deletes.
func (c *change) readPruned(ctx context.Context, r ref.Reference, o pruneOptions) (*content, error) {
	b, err := c.app.Open(r.Host)
	if err != nil {
		return nil, err
	}
	return readContent(ctx, c.app, c.streams, c.reader(b, r.Host), r, !o.yes, prunedParts())
}

// prunedParts are what rules look at.
func prunedParts() survey.Options { return survey.Options{Referrers: true, Subjects: true} }

// pruning is what a repository is pruned by.
type pruning struct {
	*content

	backend  registry.Backend
	target   ref.Reference
	rules    cleanup.Rules
	at       time.Time
	inUse    bool                  // there is a plan also where not all is known of what runs
	progress func(total, done int) // nil: nobody listens
}

// prunedBy is what rules ask for at a time, and the plan to do it. What somebody
// runs stays.
func prunedBy(ctx context.Context, s *app.App, in pruning) (*cleanup.Selection, plan.Plan, error) {
	with, err := s.Planning(ctx, in.target.Host, in.inUse)
	if err != nil {
		return nil, plan.Plan{}, err
	}
	with.Rules.Protected = append(with.Rules.Protected, in.rules.Protected...)
	in.rules.InUse = runningImages(with.Uses.Uses(in.target.Host, in.target.Repository))
	found := in.stock().Evaluate(in.rules, in.at)
	p, err := survey.Prune(ctx, in.backend, in.view, found.Pruning(), with, in.progress)
	return found, p, err
}

// runningImages keeps the images that somebody runs.
func runningImages(uses []usage.Use) cleanup.InUse {
	out := cleanup.InUse{Digests: map[ref.Digest]string{}, Tags: map[string]string{}}
	for _, u := range uses {
		if u.Image.Digest != "" {
			out.Digests[u.Image.Digest] = u.String()
		}
		if u.Image.Tag != "" {
			out.Tags[u.Image.Tag] = u.String()
		}
	}
	return out
}

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
