package tui

import (
	"context"

	"regatta/cmd/app/change"
	"regatta/cmd/app/retention"
	"regatta/model/catalog"
	model "regatta/model/cleanup"
	"regatta/model/plan"
	"regatta/model/ref"
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
			in, err := retention.Read(ctx, change.Unprobed(b), r, retention.ForRules())
			if err != nil {
				return cleanup.Loaded{}, err
			}
			found, err := retention.CleanupOf(ctx, w.app, r, in)
			if err != nil {
				return cleanup.Loaded{}, err
			}
			return cleanup.Loaded{
				Stock: found.Stock, InUse: found.InUse, Shares: in.View.Graph.Reclaim, Notes: found.Notes,
			}, nil
		},
		KeepList: func(ctx context.Context, path string) (model.KeepList, error) {
			return retention.KeepList(ctx, path, r)
		},
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

// cleanupPlan reads the repository anew, and says if what goes is not what was
// shown.
func (w *wiring) cleanupPlan(
	ctx context.Context, b registry.Backend, r ref.Reference, rules model.Rules, shown *model.Selection,
) (plan.Plan, error) {
	in, err := retention.Read(ctx, change.Unprobed(b), r, retention.ForRules())
	if err != nil {
		return plan.Plan{}, err
	}
	found, p, err := w.planner().Prune(ctx,
		change.Pruning{View: in.View, Stock: in.Stock(), Rules: rules}, shown.At, confirmed())
	if err != nil {
		return plan.Plan{}, err
	}
	p.Notes = append(p.Notes, retention.Changed(shown, found)...)
	return p, nil
}
