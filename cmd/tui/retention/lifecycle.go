// Package retention connects the screens about what is to stay: lifecycle, cleanup, health. It
// imports app, ui and model.
package retention

import (
	"context"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/app/retention"
	"regatta/cmd/tui/desk"
	"regatta/model/catalog"
	model "regatta/model/lifecycle"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/ability"
	"regatta/ui/kit"
	"regatta/ui/screen/lifecycle"
)

// Lifecycle tries policies on a repository, the first text first if there
// is one.
func Lifecycle(w *desk.Desk, c catalog.Context, b registry.Backend, repository, first string) kit.Screen {
	r := ref.Reference{Host: c.Host, Repository: repository}
	wire := lifecycle.Wiring{
		Context: c, Repository: repository, Counts: b.Capabilities().CountsReads, Price: w.App.PriceOf(c.Host), Text: first,
		Load: func(ctx context.Context) (lifecycle.Loaded, error) { return PolicyInput(ctx, w.App, b, r) },
		Open: func(img model.Image) kit.Screen {
			at := r
			at.Digest = img.Digest
			return w.Image(c, b, at, img.Tags, false)
		},
	}
	if p := b.Abilities().Policies; p != nil {
		keepPolicies(w, c, b, r, p, &wire)
	}
	return lifecycle.New(w.Common, wire)
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

// Policies tries policies on several repositories; on one it is that
// one's own screen.
func Policies(w *desk.Desk, c catalog.Context, b registry.Backend, repositories []string) kit.Screen {
	if len(repositories) == 1 {
		return Lifecycle(w, c, b, repositories[0], "")
	}
	wire := lifecycle.SeveralWiring{
		Context: c, Repositories: repositories, Counts: b.Capabilities().CountsReads, Price: w.App.PriceOf(c.Host),
		Load: func(ctx context.Context, repository string) (lifecycle.Loaded, error) {
			return PolicyInput(ctx, w.App, b, ref.Reference{Host: c.Host, Repository: repository})
		},
		Open: func(repository, text string) kit.Screen { return Lifecycle(w, c, b, repository, text) },
	}
	if p := b.Abilities().Policies; p != nil {
		wire.Policy = p.LifecyclePolicy
	}
	return lifecycle.NewSeveral(w.Common, wire)
}

// keepPolicies begins with the policy that there is, and leads to the plan that
// saves another.
func keepPolicies(w *desk.Desk,
	c catalog.Context, b registry.Backend, r ref.Reference, p ability.Policies, wire *lifecycle.Wiring,
) {
	wire.Policy = func(ctx context.Context) (string, error) {
		text, err := p.LifecyclePolicy(ctx, r.Repository)
		return model.Canonical(text), err
	}
	wire.AWS = func(ctx context.Context, text string) (map[ref.Digest]model.Verdict, error) {
		return b.Abilities().Previews.PreviewLifecycle(ctx, r.Repository, text)
	}
	wire.Save = func(text, instead string) kit.Screen {
		build := func(ctx context.Context) (plan.Plan, error) {
			return retention.PlanPolicy(ctx, w.App, b, r, text, &instead)
		}
		return desk.Proposed(w, c, "save the lifecycle policy of "+r.Repository, "Save", build, w.Board)
	}
}
