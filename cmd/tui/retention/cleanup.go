package retention

import (
	"context"

	"regatta/cmd/app/change"
	"regatta/cmd/app/retention"
	"regatta/cmd/tui/desk"
	"regatta/model/catalog"
	model "regatta/model/cleanup"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/cleanup"
	"regatta/ui/screen/review"
)

// Cleanup tries rules on a repository.
func Cleanup(w *desk.Desk, c catalog.Context, b registry.Backend, repository string) kit.Screen {
	r := ref.Reference{Host: c.Host, Repository: repository}
	return cleanup.New(w.Common, cleanup.Wiring{
		Context: c, Repository: repository, Counts: b.Capabilities().CountsReads, Price: w.App.PriceOf(c.Host),
		Load: func(ctx context.Context) (cleanup.Loaded, error) {
			in, err := retention.Read(ctx, change.Unprobed(b), r, retention.ForRules())
			if err != nil {
				return cleanup.Loaded{}, err
			}
			found, err := retention.CleanupOf(ctx, w.App, r, in)
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
			return w.Image(c, b, at, img.Tags, false)
		},
		Review: func(rules model.Rules, shown *model.Selection) kit.Screen {
			return desk.PlanScreen(w, review.Wiring{
				Context: c, Title: "clean up " + repository, Verb: "Remove", Start: w.Board, Settle: desk.Trying(w, r),
				Plan: func(ctx context.Context) (plan.Plan, error) { return cleanupPlan(ctx, w, b, r, rules, shown) },
			})
		},
	})
}

// cleanupPlan reads the repository anew, and says if what goes is not what was
// shown.
func cleanupPlan(
	ctx context.Context, w *desk.Desk, b registry.Backend, r ref.Reference, rules model.Rules, shown *model.Selection,
) (plan.Plan, error) {
	in, err := retention.Read(ctx, change.Unprobed(b), r, retention.ForRules())
	if err != nil {
		return plan.Plan{}, err
	}
	found, p, err := desk.Planner(w).Prune(ctx,
		change.Pruning{View: in.View, Stock: in.Stock(), Rules: rules}, shown.At, desk.Confirmed())
	if err != nil {
		return plan.Plan{}, err
	}
	p.Notes = append(p.Notes, retention.Changed(shown, found)...)
	return p, nil
}
