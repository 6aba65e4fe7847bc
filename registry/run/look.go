package run

import (
	"context"
	"fmt"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/oci"
)

// sight is how the registry stands towards a step.
type sight uint8

const (
	before   sight = iota // as the step expects it
	wanted                // as the step leaves it
	drift                 // neither: someone else was here
	underway              // begun, and not there yet
	half                  // a dummy of this step holds the tag
)

// look reads what a step is about, and nothing from a cache. The error is for
// drift, or for what could not be read.
func (r *Run) look(ctx context.Context, i int) (sight, error) {
	s := r.plan.Steps[i]
	switch s.Kind {
	case plan.Delete:
		return r.lookDelete(ctx, s)
	case plan.Put:
		_, there, err := r.resolve(ctx, s.Reference, string(s.Digest))
		return seen(there), err
	case plan.CopyBlob:
		there, err := r.reg.BlobExists(ctx, s.Reference.Repository, image.Descriptor{Digest: s.Digest, Size: s.Size})
		return seen(there), err
	case plan.Pull:
		there, err := r.local.Has(ctx, s.Reference)
		return seen(there), err
	case plan.Retag:
		return r.lookRetag(ctx, s)
	case plan.Archive, plan.Restore:
		return r.lookStored(ctx, s)
	case plan.LifecyclePolicy:
		return r.lookPolicy(ctx, s)
	case plan.Deploy:
		return r.lookDeploy(ctx, i)
	case plan.Untag, plan.UntagByDummy:
		return r.lookUntag(ctx, i)
	}
	return drift, &fault.Error{Op: "look at", Object: string(s.Kind), Kind: fault.Unsupported}
}

func (r *Run) lookUntag(ctx context.Context, i int) (sight, error) {
	s := r.plan.Steps[i]
	d, there, err := r.pointsTo(ctx, s.Reference, s.Expect)
	switch {
	case err != nil:
		return drift, err
	case !there:
		return wanted, nil
	case s.Kind == plan.UntagByDummy && d == dummyOf(r.dummyName(i)):
		return half, nil
	case d != s.Expect.Digest:
		return drift, moved(s, s.Reference.Tag, d)
	}
	return before, nil
}

// seen is how a step stands of which it is known whether it is done.
func seen(done bool) sight {
	if done {
		return wanted
	}
	return before
}

// DummiesOf are the dummies by which the steps of a run remove tags, by the step.
func DummiesOf(id string, p plan.Plan) map[int]ref.Digest {
	out := map[int]ref.Digest{}
	r := &Run{id: id, plan: p}
	for i, s := range p.Steps {
		if s.Kind == plan.UntagByDummy {
			out[i] = dummyOf(r.dummyName(i))
		}
	}
	return out
}

func dummyOf(name string) ref.Digest {
	_, d := oci.Dummy(name)
	return d
}

// dummyName is the same whenever the step is tried again, so that its dummy is
// recognised, and no other step's.
func (r *Run) dummyName(i int) string {
	return fmt.Sprintf("run %s step %d %s", r.id, i+1, r.plan.Steps[i].Reference)
}

// resolve is what a reference points to, if it is there.
func (r *Run) resolve(ctx context.Context, at ref.Reference, reference string) (ref.Digest, bool, error) {
	d, err := r.reg.Resolve(ctx, at.Repository, reference)
	if fault.Is(err, fault.NotFound) {
		return "", false, nil
	}
	return d.Digest, err == nil, err
}

// pointsTo is what a tag points to that is expected to point somewhere.
func (r *Run) pointsTo(ctx context.Context, at ref.Reference, e plan.Expect) (ref.Digest, bool, error) {
	d, err := r.reg.ResolveFrom(ctx, at.Repository, e.Tag, e.Digest)
	if fault.Is(err, fault.NotFound) {
		return "", false, nil
	}
	if err == nil && r.watch != nil {
		r.watch.saw(at.Repository, e.Tag, d.Digest)
	}
	return d.Digest, err == nil, err
}

func (r *Run) lookRetag(ctx context.Context, s plan.Step) (sight, error) {
	d, there, err := r.pointsTo(ctx, s.Reference, s.Expect)
	switch {
	case err != nil:
		return drift, err
	case there && d == s.Digest:
		return wanted, nil
	case there == (s.Expect.Digest != "") && d == s.Expect.Digest:
		return before, nil
	case !there:
		return drift, changed(s, fmt.Sprintf("the tag %s is gone", s.Reference.Tag))
	}
	return drift, moved(s, s.Reference.Tag, d)
}

// lookDelete sees to it that exactly the tags that the plan names go along. That
// the manifest is there is not asked: deleting it tells.
func (r *Run) lookDelete(ctx context.Context, s plan.Step) (sight, error) {
	for _, e := range s.Expects() {
		if e.Tag == "" {
			continue
		}
		d, there, err := r.pointsTo(ctx, s.Reference, e)
		switch {
		case err != nil:
			return drift, err
		case !there:
			return r.lookUntagged(ctx, s, e.Tag)
		case d != e.Digest:
			return drift, moved(s, e.Tag, d)
		}
	}
	why, err := r.watch.holds(ctx, s)
	switch {
	case err != nil:
		return drift, err
	case why != "":
		return drift, changed(s, why)
	}
	return before, nil
}

// lookGone looks whether a manifest is gone that was deleted. One that is there
// with a tag was pushed again since, or kept by a tag that came meanwhile.
func (r *Run) lookGone(ctx context.Context, s plan.Step) (sight, error) {
	_, there, err := r.resolve(ctx, s.Reference, string(s.Digest))
	if err != nil || !there {
		return wanted, err
	}
	if r.watch == nil {
		return before, nil
	}
	if err := r.watch.read(ctx, s.Reference.Repository, everything); err != nil {
		return drift, err
	}
	why, err := r.watch.described(ctx, s)
	if why == "" && err == nil {
		why, err = r.watch.held(ctx, s)
	}
	if err == nil && why != "" {
		return drift, changed(s, "it is still there: "+why)
	}
	return before, err
}

// lookUntagged tells a manifest that went with its tag from one that lost it.
func (r *Run) lookUntagged(ctx context.Context, s plan.Step, tag string) (sight, error) {
	_, there, err := r.resolve(ctx, s.Reference, string(s.Digest))
	if err != nil || !there {
		return wanted, err
	}
	return drift, changed(s, fmt.Sprintf("the tag %s is gone", tag))
}

func moved(s plan.Step, tag string, to ref.Digest) error {
	if s.Expect.Digest == "" {
		return changed(s, fmt.Sprintf("the tag %s is there now, and points to %s", tag, to.Short()))
	}
	return changed(s, fmt.Sprintf("the tag %s points to %s now, not to %s", tag, to.Short(), s.Expect.Digest.Short()))
}

func changed(s plan.Step, detail string) error {
	return &fault.Error{Op: string(s.Kind), Object: s.Reference.String(), Kind: fault.Drift, Detail: detail}
}
