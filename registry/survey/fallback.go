package survey

import (
	"context"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// withFallback adds, where the registry does not keep track of referrers, the
// indexes that list them under the fallback tags (distribution-spec, Pushing
// Manifests with Subject).
func withFallback(ctx context.Context, to Receiver, trees []plan.Tree) ([]plan.Tree, error) {
	lists := map[plan.Place][]image.Manifest{}
	var order []plan.Place
	targets := map[string]ref.Reference{}
	for _, t := range trees {
		for _, m := range t.Manifests {
			if m.Subject == nil || m.Subject.Digest == "" {
				continue
			}
			at := plan.Place{Repository: t.To.Repository, Digest: m.Subject.Digest}
			if lists[at] == nil {
				order = append(order, at)
			}
			lists[at] = append(lists[at], m)
			targets[at.Repository] = t.To
		}
	}
	keeps := map[string]bool{}
	for repo := range targets {
		var err error
		if keeps[repo], err = to.ListsReferrers(ctx, repo); err != nil {
			return nil, err
		}
	}
	for _, at := range order {
		if keeps[at.Repository] {
			continue
		}
		t, err := fallbackTree(ctx, to, targets[at.Repository], at.Digest, lists[at])
		if err != nil {
			return nil, err
		}
		trees = append(trees, t)
	}
	return trees, nil
}

// fallbackTree is the index of what refers to subject: what it lists now, and
// what comes.
func fallbackTree(
	ctx context.Context, to Receiver, target ref.Reference, subject ref.Digest, more []image.Manifest,
) (plan.Tree, error) {
	target.Tag, target.Digest = subject.FallbackTag(), ""
	now, err := to.Manifest(ctx, target.Repository, target.Tag)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return plan.Tree{}, err
	}
	index, err := image.AddReferrers(now.Raw, more)
	if err != nil {
		return plan.Tree{}, &fault.Error{
			Op: "add referrers to", Object: target.String(), Kind: fault.Protocol, Detail: err.Error(),
		}
	}
	return plan.Tree{To: target, Manifests: []image.Manifest{index}, Beside: "referrers index of " + subject.Short()}, nil
}
