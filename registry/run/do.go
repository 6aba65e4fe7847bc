package run

import (
	"context"

	"regatta/model/fault"
	"regatta/model/plan"
)

// do makes the change of a step. One that moves content gives up when the run is
// cancelled: nothing refers yet to what it has not brought.
func (r *Run) do(now, stop context.Context, t *trying) error {
	s := r.plan.Steps[t.i]
	repo := s.Reference.Repository
	switch s.Kind {
	case plan.Untag:
		return r.reg.DeleteTag(now, repo, s.Reference.Tag, s.Digest)
	case plan.UntagByDummy:
		return r.untagByDummy(now, t)
	case plan.Delete:
		return r.reg.DeleteManifest(now, repo, s.Digest, s.Tags...)
	case plan.Put:
		return r.reg.PutManifest(now, repo, string(s.Digest), s.Manifest.MediaType, s.Manifest.Raw)
	case plan.Retag:
		return r.reg.PutManifest(now, repo, s.Reference.Tag, t.content.MediaType, t.content.Raw)
	case plan.LifecyclePolicy:
		return r.setPolicy(now, s)
	case plan.Archive, plan.Restore:
		return r.move(now, s)
	case plan.Deploy:
		return r.deploy(now, t.i)
	case plan.CopyBlob:
		return r.copyBlob(r.heeding(stop), t.i)
	case plan.Pull:
		return r.pull(r.heeding(stop), t.i)
	}
	return &fault.Error{Op: "carry out", Object: string(s.Kind), Kind: fault.Unsupported}
}

// untagByDummy puts a dummy in the tag's place and deletes it; one that an earlier
// try has put there is only deleted.
func (r *Run) untagByDummy(now context.Context, t *trying) error {
	s := r.plan.Steps[t.i]
	name := r.dummyName(t.i)
	if t.begun {
		return r.reg.DeleteManifest(now, s.Reference.Repository, dummyOf(name), s.Reference.Tag)
	}
	return r.reg.UntagByDummy(now, s.Reference.Repository, s.Reference.Tag, t.was, name)
}
