package run

import (
	"context"
	"fmt"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// do makes the change of a step.
func (r *Run) do(ctx context.Context, i int) error {
	s := r.plan.Steps[i]
	repo := s.Reference.Repository
	switch s.Kind {
	case plan.Untag:
		return r.reg.DeleteTag(ctx, repo, s.Reference.Tag)
	case plan.UntagByDummy:
		return r.reg.UntagByDummy(ctx, repo, s.Reference.Tag, s.Digest, r.dummyName(i))
	case plan.Delete:
		return r.reg.DeleteManifest(ctx, repo, s.Digest)
	case plan.Put:
		return r.reg.PutManifest(ctx, repo, string(s.Digest), s.Manifest.MediaType, s.Manifest.Raw)
	case plan.Retag:
		return r.retag(ctx, s)
	}
	return &fault.Error{Op: "carry out", Object: string(s.Kind), Kind: fault.Unsupported}
}

func (r *Run) retag(ctx context.Context, s plan.Step) error {
	repo, from := s.Reference.Repository, s.Reference.Repository
	if s.From.Repository != "" {
		from = s.From.Repository
	}
	m, err := r.reg.Manifest(ctx, from, string(s.Digest))
	if err != nil {
		return err
	}
	if from != repo {
		if err := r.bring(ctx, repo, from, m); err != nil {
			return err
		}
	}
	return r.reg.PutManifest(ctx, repo, s.Reference.Tag, m.MediaType, m.Raw)
}

// bring makes everything that m refers to available in repo.
func (r *Run) bring(ctx context.Context, repo, from string, m image.Manifest) error {
	for _, child := range m.Children {
		if _, err := r.reg.Resolve(ctx, repo, string(child.Digest)); err == nil {
			continue
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
		c, err := r.reg.Manifest(ctx, from, string(child.Digest))
		if fault.Is(err, fault.NotFound) {
			continue // the index lists what its registry does not have
		}
		if err == nil {
			err = r.bring(ctx, repo, from, c)
		}
		if err == nil {
			err = r.reg.PutManifest(ctx, repo, string(c.Digest), c.MediaType, c.Raw)
		}
		if err != nil {
			return err
		}
	}
	for _, blob := range append([]image.Descriptor{m.Config}, m.Layers...) {
		if blob.Digest == "" || blob.IsForeign() {
			continue
		}
		if err := r.mount(ctx, repo, from, blob.Digest); err != nil {
			return err
		}
	}
	return nil
}

func (r *Run) mount(ctx context.Context, repo, from string, d ref.Digest) error {
	there, err := r.reg.BlobExists(ctx, repo, d)
	if err == nil && !there {
		there, err = r.reg.Mount(ctx, repo, from, d)
	}
	if err == nil && !there {
		err = &fault.Error{
			Op: "mount blob of", Object: fmt.Sprintf("%s@%s", repo, d), Kind: fault.Unsupported,
			Detail: "the registry does not mount blobs of " + from,
		}
	}
	return err
}
