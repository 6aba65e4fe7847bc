package cmd

import (
	"context"

	"regatta/cmd/app/change"
	"regatta/model/catalog"
	"regatta/model/fault"
	model "regatta/model/lifecycle"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry"
	runs "regatta/registry/run"
	"regatta/registry/survey"
	"regatta/ui/kit"
	"regatta/ui/screen/lifecycle"
)

// lifecycleScreen tries policies on a repository, the first text first if there
// is one.
func (w *wiring) lifecycleScreen(c catalog.Context, b registry.Backend, repository, first string) kit.Screen {
	r := ref.Reference{Host: c.Host, Repository: repository}
	wire := lifecycle.Wiring{
		Context: c, Repository: repository, Counts: b.Capabilities().CountsReads, Price: w.app.PriceOf(c.Host), Text: first,
		Load: func(ctx context.Context) (lifecycle.Loaded, error) { return w.policyInput(ctx, b, r) },
		Open: func(img model.Image) kit.Screen {
			at := r
			at.Digest = img.Digest
			return w.imageScreen(c, b, at, img.Tags, false)
		},
	}
	if p, ok := b.(policyKeeper); ok {
		w.keepPolicies(c, r, p, &wire)
	}
	return lifecycle.New(w.com, wire)
}

// policyInput is a repository as policies look at it.
func (w *wiring) policyInput(ctx context.Context, b registry.Backend, r ref.Reference) (lifecycle.Loaded, error) {
	found, err := listedContent(ctx, change.Unprobed(b), r, survey.Options{Referrers: true})
	if err != nil {
		return lifecycle.Loaded{}, err
	}
	uses, err := w.app.Uses(ctx, r.Host)
	if err != nil {
		return lifecycle.Loaded{}, err
	}
	in := found.preview(b, r, uses)
	return lifecycle.Loaded{
		Images: in.images, Weigh: in.weigh, Notes: in.restsOn(), UsedBy: in.usedBy, AllUses: uses.Whole(),
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
			return w.policyInput(ctx, b, ref.Reference{Host: c.Host, Repository: repository})
		},
		Open: func(repository, text string) kit.Screen { return w.lifecycleScreen(c, b, repository, text) },
	}
	if p, ok := b.(policyKeeper); ok {
		wire.Policy = p.LifecyclePolicy
	}
	return lifecycle.NewSeveral(w.com, wire)
}

// policyKeeper is a registry that keeps lifecycle policies, and previews them.
type policyKeeper interface {
	runs.Policies
	PreviewLifecycle(ctx context.Context, repo, text string) (map[ref.Digest]model.Verdict, error)
}

// keepPolicies begins with the policy that there is, and leads to the plan that
// saves another.
func (w *wiring) keepPolicies(c catalog.Context, r ref.Reference, p policyKeeper, wire *lifecycle.Wiring) {
	wire.Policy = func(ctx context.Context) (string, error) {
		text, err := p.LifecyclePolicy(ctx, r.Repository)
		return model.Canonical(text), err
	}
	wire.AWS = func(ctx context.Context, text string) (map[ref.Digest]model.Verdict, error) {
		return p.PreviewLifecycle(ctx, r.Repository, text)
	}
	wire.Save = func(text, instead string) kit.Screen {
		build := func(ctx context.Context) (plan.Plan, error) {
			now, err := p.LifecyclePolicy(ctx, r.Repository)
			if err != nil {
				return plan.Plan{}, err
			}
			if !model.SameText(now, instead) {
				return plan.Plan{}, &fault.Error{
					Op: "save the lifecycle policy of", Object: r.Name(), Kind: fault.Drift,
					Detail: "somebody else has changed it since it was read; read it again and look at what it is now",
				}
			}
			return plan.ToSetPolicy(r, model.Canonical(now), text, w.app.Options(c.Host))
		}
		return w.review(c, "save the lifecycle policy of "+r.Repository, "Save", build, w.board)
	}
}

// restsOn says on what verdicts rest, in a few words.
func (in *previewInput) restsOn() []string {
	return append(restsOn(in.made, len(in.failed.list)), in.notes...)
}

func restsOn(made, failed int) []string {
	var out []string
	if made > 0 {
		out = append(out, text.Plural(made, "age is", "ages are")+" from when it was made")
	}
	if failed > 0 {
		out = append(out, text.Plural(failed, "image", "images")+" could not be read")
	}
	return out
}
