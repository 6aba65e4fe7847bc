package run

import (
	"context"

	"regatta/model/fault"
	"regatta/model/plan"
)

// do makes the change of a step. One that moves content gives up when stop
// ends: nothing refers yet to what it has not brought.
func (r *Run) do(ctx, stop context.Context, i int) error {
	s := r.plan.Steps[i]
	repo := s.Reference.Repository
	switch s.Kind {
	case plan.Untag:
		return r.reg.DeleteTag(ctx, repo, s.Reference.Tag, s.Digest)
	case plan.UntagByDummy:
		return r.reg.UntagByDummy(ctx, repo, s.Reference.Tag, s.Digest, r.dummyName(i))
	case plan.Delete:
		return r.reg.DeleteManifest(ctx, repo, s.Digest)
	case plan.Put:
		return r.reg.PutManifest(ctx, repo, string(s.Digest), s.Manifest.MediaType, s.Manifest.Raw)
	case plan.Retag:
		return r.retag(ctx, s)
	case plan.LifecyclePolicy:
		return r.setPolicy(ctx, s)
	case plan.Archive, plan.Restore:
		return r.move(ctx, s)
	case plan.Deploy:
		return r.deploy(ctx, i)
	case plan.CopyBlob:
		return r.copyBlob(stop, i)
	case plan.Pull:
		return r.pull(stop, i)
	}
	return &fault.Error{Op: "carry out", Object: string(s.Kind), Kind: fault.Unsupported}
}

func (r *Run) retag(ctx context.Context, s plan.Step) error {
	m, err := r.reg.Manifest(ctx, s.Reference.Repository, string(s.Digest))
	if err != nil {
		return err
	}
	return r.reg.PutManifest(ctx, s.Reference.Repository, s.Reference.Tag, m.MediaType, m.Raw)
}
