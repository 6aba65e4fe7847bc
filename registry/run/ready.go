package run

import (
	"context"

	"regatta/model/plan"
)

// ready waits for everything that the step would have to wait for, and brings what
// it needs. Under now nothing lies between what the step looks at and what it does
// then: no queue, no rate, no token, no upload. Looks end with stop; what is changed is not
// broken off. Steps that bring content, and those that start deployments, change nothing
// that anybody else could have changed meanwhile: they only heed the pause.
func (t *trying) ready(stop context.Context) (now context.Context, end func(), err error) {
	s := t.plan.Steps[t.i]
	heed := t.heeding(stop)
	if err := t.prepare(heed, s); err != nil {
		return nil, nil, err
	}
	n := requests(s)
	if n == 0 {
		return heed, func() {}, nil
	}
	inner, end, err := t.reg.Ready(heed, s.Reference.Repository, n)
	if err != nil {
		return nil, nil, err
	}
	if by, ok := t.listed(); ok {
		// The wait may have made the lists old.
		if err := t.watch.freshen(inner, by); err != nil {
			end()
			return nil, nil, err
		}
	}
	return inner, end, nil
}

// prepare brings what a change needs that is not decided by the look.
func (t *trying) prepare(ctx context.Context, s plan.Step) error {
	repo := s.Reference.Repository
	switch s.Kind { //nolint:exhaustive // the others need nothing
	case plan.UntagByDummy:
		return t.reg.PrepareDummy(ctx, repo)
	case plan.Retag:
		var err error
		if t.content, err = t.reg.Manifest(ctx, repo, string(s.Digest)); err != nil || s.Unchecked {
			return err
		}
		return t.whole(ctx, s) // a tag never moves to what cannot be pulled
	}
	if _, ok := t.listed(); ok {
		return t.watch.fresh(ctx, repo)
	}
	return nil
}

// listed is the step that needs a list of the repository before this one acts: this one, or
// the delete that it takes a tag out of the way of, which is not to be done by half.
func (t *trying) listed() (plan.Step, bool) {
	s := t.plan.Steps[t.i]
	if t.watched(s) {
		return s, true
	}
	for _, i := range t.after[t.i] {
		if d := t.plan.Steps[i]; d.Kind == plan.Delete && d.Digest == s.Digest {
			return d, true
		}
	}
	return plan.Step{}, false
}

// watched reports whether a step is decided by what the whole repository looks
// like: what takes a manifest along.
func (r *Run) watched(s plan.Step) bool {
	return s.Kind == plan.Delete || s.Kind == plan.Untag && r.reg.CanDelete().LastTagDeletes
}

// requests is how many a step makes from its look to its change, 0 where these
// need not be made in one moment.
func requests(s plan.Step) int {
	switch s.Kind {
	case plan.Retag, plan.Untag, plan.Put, plan.LifecyclePolicy, plan.Archive, plan.Restore:
		return 2
	case plan.UntagByDummy:
		return 3
	case plan.Delete:
		return 2 + len(s.Tags) // each tag, who describes it, and the delete
	case plan.CopyBlob, plan.Pull, plan.Deploy:
	}
	return 0
}
