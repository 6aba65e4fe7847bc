package retention

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/fault"
	"regatta/model/lifecycle"
	"regatta/model/plan"
	"regatta/model/query"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry"
)

// PolicyOf is the text of a repository's policy, "" for none.
func PolicyOf(ctx context.Context, b registry.Backend, r ref.Reference) (string, error) {
	k := b.Abilities().Policies
	if k == nil {
		return "", &fault.Error{
			Op: "read the lifecycle policy of", Object: r.Name(), Kind: fault.Unsupported,
			Detail: "only Amazon ECR keeps such policies; `regatta lifecycle preview` tries one on any registry",
		}
	}
	return k.LifecyclePolicy(ctx, r.Repository)
}

// Saved is the policy that a repository has, of which the text was read.
func Saved(r ref.Reference, source string) (lifecycle.Policy, error) {
	policy, violations := lifecycle.Parse(source)
	if len(violations) > 0 {
		return policy, &fault.Error{
			Op: "preview the lifecycle policy of", Object: r.Name(), Kind: fault.Invalid,
			Detail: "ECR would not take it any more: " + violations[0].String(),
		}
	}
	return policy, nil
}

// PlanPolicy plans to give a repository another policy, "" for none. Shown is the one
// that whoever asks has seen, nil for none: where somebody has changed it since, it is
// not overwritten.
func PlanPolicy(
	ctx context.Context, a *app.App, b registry.Backend, r ref.Reference, next string, shown *string,
) (plan.Plan, error) {
	now, err := PolicyOf(ctx, b, r)
	if err != nil {
		return plan.Plan{}, err
	}
	if shown != nil && !lifecycle.SameText(now, *shown) {
		return plan.Plan{}, &fault.Error{
			Op: "save the lifecycle policy of", Object: r.Name(), Kind: fault.Drift,
			Detail: "somebody else has changed it since it was read; read it again and look at what it is now",
		}
	}
	return plan.ToSetPolicy(r, lifecycle.Canonical(now), next, a.Options(r.Host))
}

// Matching are the repositories of a host whose names match a pattern with * and ?.
func Matching(ctx context.Context, b registry.Backend, host, pattern string) ([]ref.Reference, error) {
	found, err := app.ListRepositories(ctx, b)
	if err != nil {
		return nil, err
	}
	var out []ref.Reference
	for _, r := range found {
		if query.Glob(pattern, r.Name) {
			out = append(out, ref.Reference{Host: host, Repository: r.Name})
		}
	}
	if len(out) == 0 {
		return nil, &fault.Error{
			Op: "preview", Object: host, Kind: fault.NotFound, Detail: "no repository matches " + text.Clean(pattern),
		}
	}
	return out, nil
}
