package cmd

import (
	"context"
	"strings"

	"regatta/cmd/app/change"
	"regatta/model/catalog"
	model "regatta/model/cleanup"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/cleanup"
	"regatta/ui/screen/review"
)

// cleanupScreen tries rules on a repository.
func (w *wiring) cleanupScreen(c catalog.Context, b registry.Backend, repository string) kit.Screen {
	r := ref.Reference{Host: c.Host, Repository: repository}
	return cleanup.New(w.com, cleanup.Wiring{
		Context: c, Repository: repository, Counts: b.Capabilities().CountsReads, Price: w.app.PriceOf(c.Host),
		Load: func(ctx context.Context) (cleanup.Loaded, error) {
			in, err := listedContent(ctx, change.Unprobed(b), r, prunedParts())
			if err != nil {
				return cleanup.Loaded{}, err
			}
			uses, err := w.app.Uses(ctx, r.Host)
			if err != nil {
				return cleanup.Loaded{}, err
			}
			stock := in.stock()
			return cleanup.Loaded{
				Stock: stock, InUse: change.Running(uses.Uses(r.Host, repository)), Shares: in.view.Graph.Reclaim,
				Notes: append(restsOn(madeOf(stock), len(in.failed.list)), notAsked(uses)...),
			}, nil
		},
		KeepList: func(ctx context.Context, path string) (model.KeepList, error) { return readKeepList(ctx, path, r) },
		Open: func(img model.Image) kit.Screen {
			at := r
			at.Digest = img.Digest
			return w.imageScreen(c, b, at, img.Tags, false)
		},
		Review: func(rules model.Rules, shown *model.Selection) kit.Screen {
			return w.planScreen(review.Wiring{
				Context: c, Title: "clean up " + repository, Verb: "Remove", Start: w.board, Settle: w.trying(r),
				Plan: func(ctx context.Context) (plan.Plan, error) { return w.cleanupPlan(ctx, b, r, rules, shown) },
			})
		},
	})
}

// notAsked are the sources that did not tell all of what runs.
func notAsked(uses usage.Set) []string {
	failed := uses.Failed()
	if len(failed) == 0 {
		return nil
	}
	names := make([]string, len(failed))
	for i, a := range failed {
		names[i] = a.Name()
	}
	return []string{strings.Join(names, ", ") + " did not tell what runs"}
}

// cleanupPlan reads the repository anew, and says if what goes is not what was
// shown.
func (w *wiring) cleanupPlan(
	ctx context.Context, b registry.Backend, r ref.Reference, rules model.Rules, shown *model.Selection,
) (plan.Plan, error) {
	in, err := listedContent(ctx, change.Unprobed(b), r, prunedParts())
	if err != nil {
		return plan.Plan{}, err
	}
	found, p, err := w.planner().Prune(ctx,
		change.Pruning{View: in.view, Stock: in.stock(), Rules: rules}, shown.At, confirmed())
	if err != nil {
		return plan.Plan{}, err
	}
	before, now := shown.Summarize(), found.Summarize()
	if before != now {
		p.Notes = append(p.Notes, "the repository has changed: "+text.Count(before.Remove)+" were to be removed and "+
			text.Count(before.Keep)+" kept, now it is "+text.Count(now.Remove)+" and "+text.Count(now.Keep))
	}
	return p, nil
}
