package run

import (
	"context"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/lifecycle"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/ability"
)

func (r *Run) policies(s plan.Step) (ability.Policies, error) {
	if p := r.reg.Abilities().Policies; p != nil {
		return p, nil
	}
	return nil, &fault.Error{
		Op: "change the lifecycle policy of", Object: s.Reference.Name(), Kind: fault.Unsupported,
		Detail: "the registry keeps no lifecycle policies",
	}
}

// policyNow is the repository's policy in its canonical form.
func (r *Run) policyNow(ctx context.Context, s plan.Step) (string, error) {
	p, err := r.policies(s)
	if err != nil {
		return "", err
	}
	text, err := p.LifecyclePolicy(ctx, s.Reference.Repository)
	return lifecycle.Canonical(text), err
}

func (r *Run) lookPolicy(ctx context.Context, s plan.Step) (sight, error) {
	now, err := r.policyNow(ctx, s)
	var at ref.Digest
	if now != "" {
		at = ref.DigestOf([]byte(now))
	}
	switch {
	case err != nil:
		return drift, err
	case now == string(s.Manifest.Raw):
		return wanted, nil
	case at == s.Expect.Digest:
		return before, nil
	}
	return drift, changed(s, "somebody else has changed the policy")
}

func (r *Run) setPolicy(ctx context.Context, s plan.Step) error {
	p, err := r.policies(s)
	if err != nil {
		return err
	}
	return p.SetLifecyclePolicy(ctx, s.Reference.Repository, string(s.Manifest.Raw))
}

// savePolicy is the policy that a step is about to replace, as what the journal
// keeps.
func (r *Run) savePolicy(ctx context.Context, s plan.Step) ([]image.Manifest, error) {
	now, err := r.policyNow(ctx, s)
	if err != nil || now == "" {
		return nil, err
	}
	return []image.Manifest{{MediaType: s.Manifest.MediaType, Raw: []byte(now), Digest: ref.DigestOf([]byte(now))}}, nil
}
