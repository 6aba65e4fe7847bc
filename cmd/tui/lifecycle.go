package tui

import (
	"context"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/app/retention"
	"regatta/model/catalog"
	model "regatta/model/lifecycle"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/lifecycle"
)

// lifecycleScreen tries policies on a repository, the first text first if there
// is one.
func (w *wiring) lifecycleScreen(c catalog.Context, b registry.Backend, repository, first string) kit.Screen {
	r := ref.Reference{Host: c.Host, Repository: repository}
	wire := lifecycle.Wiring{
		Context: c, Repository: repository, Counts: b.Capabilities().CountsReads, Price: w.app.PriceOf(c.Host), Text: first,
		Load: func(ctx context.Context) (lifecycle.Loaded, error) { return PolicyInput(ctx, w.app, b, r) },
		Open: func(img model.Image) kit.Screen {
			at := r
			at.Digest = img.Digest
			return w.imageScreen(c, b, at, img.Tags, false)
		},
	}
	if p := retention.KeeperOf(b); p != nil {
		w.keepPolicies(c, b, r, p, &wire)
	}
	return lifecycle.New(w.com, wire)
}

// PolicyInput is a repository as policies look at it.
func PolicyInput(
	ctx context.Context, a *app.App, b registry.Backend, r ref.Reference,
) (lifecycle.Loaded, error) {
	found, err := retention.Read(ctx, change.Unprobed(b), r, retention.ForPolicies())
	if err != nil {
		return lifecycle.Loaded{}, err
	}
	in, err := retention.InputOf(ctx, a, b, r, found)
	if err != nil {
		return lifecycle.Loaded{}, err
	}
	return lifecycle.Loaded{
		Images: in.Images, Weigh: in.Weigh, Notes: in.RestsOn(), UsedBy: in.UsedBy, AllUses: in.AllUses,
	}, nil
}

// policiesScreen tries policies on several repositories; on one it is that
// one's own screen.
func (w *wiring) policiesScreen(c catalog.Context, b registry.Backend, repositories []string) kit.Screen {
	if len(repositories) == 1 {
		return w.lifecycleScreen(c, b, repositories[0], "")
	}
	wire := lifecycle.SeveralWiring{
		Context: c, Repositories: repositories, Counts: b.Capabilities().CountsReads, Price: w.app.PriceOf(c.Host),
		Load: func(ctx context.Context, repository string) (lifecycle.Loaded, error) {
			return PolicyInput(ctx, w.app, b, ref.Reference{Host: c.Host, Repository: repository})
		},
		Open: func(repository, text string) kit.Screen { return w.lifecycleScreen(c, b, repository, text) },
	}
	if p := retention.KeeperOf(b); p != nil {
		wire.Policy = p.LifecyclePolicy
	}
	return lifecycle.NewSeveral(w.com, wire)
}

// keepPolicies begins with the policy that there is, and leads to the plan that
// saves another.
func (w *wiring) keepPolicies(
	c catalog.Context, b registry.Backend, r ref.Reference, p retention.PolicyKeeper, wire *lifecycle.Wiring,
) {
	wire.Policy = func(ctx context.Context) (string, error) {
		text, err := p.LifecyclePolicy(ctx, r.Repository)
		return model.Canonical(text), err
	}
	wire.AWS = func(ctx context.Context, text string) (map[ref.Digest]model.Verdict, error) {
		return p.PreviewLifecycle(ctx, r.Repository, text)
	}
	wire.Save = func(text, instead string) kit.Screen {
		build := func(ctx context.Context) (plan.Plan, error) {
			return retention.PlanPolicy(ctx, w.app, b, r, text, &instead)
		}
		return w.review(c, "save the lifecycle policy of "+r.Repository, "Save", build, w.board)
	}
}
