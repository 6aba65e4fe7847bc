package run

import (
	"context"
	"errors"
	"strings"

	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
)

// leftover names, in the error of a step that removes a tag by a dummy and failed, the
// dummy where it is still in the registry: nobody else would know what it is. Where the
// tag may point to it, the step is in doubt: undo and resume then delete it first.
func (t *trying) leftover(stop context.Context, e ending) ending {
	s := t.plan.Steps[t.i]
	again := t.tried[t.i] // a dummy of the time before may have lost the tag
	failed := e.err != nil && !e.outcome.Succeeded()
	if s.Kind != plan.UntagByDummy || e.waits || !again && (!failed || t.acts == 0 && !t.begun) {
		return e
	}
	ctx, cancel := lingering(stop)
	defer cancel()
	if again {
		_ = t.clearLoose(ctx, t.i) // whether it is there is looked at now
	}
	said, onTag := t.dummyThere(ctx)
	if said == "" {
		return e
	}
	e.unsure = e.unsure || onTag
	if !failed {
		e.outcome, e.unsure = plan.Failed, true
		e.err = changed(s, "the tag is not on the image any more")
	}
	e.err = more(e.err, s, said+": resume the run, or delete that")
	return e
}

// dummyThere says where the dummy of the step is, if it may be there, and whether its tag
// may be on it.
func (t *trying) dummyThere(ctx context.Context) (said string, onTag bool) {
	s := t.plan.Steps[t.i]
	dummy := dummyOf(t.dummyName(t.i))
	_, there, err := t.resolve(ctx, s.Reference, string(dummy))
	if err == nil && !there {
		return "", false
	}
	now, _, lost := t.resolve(ctx, s.Reference, s.Reference.Tag)
	at := ref.Reference{Host: s.Reference.Host, Repository: s.Reference.Repository, Digest: dummy}
	said = dummySays + at.String() + " is still there"
	switch {
	case err != nil:
		said = dummySays + at.String() + " may be there"
	case now == dummy:
		said += ", with the tag"
	}
	return said, lost != nil || now == dummy
}

// dummySays begins what is said of a dummy in the error of a step.
const dummySays = "; the dummy manifest "

// wasTried reports whether a step was asked for before and did not succeed.
func wasTried(s journal.Step) bool {
	return !s.Outcome.Succeeded() && (s.Outcome == plan.Running || s.Outcome == plan.Failed || len(s.Saved) > 0)
}

// clearLoose deletes the dummy of a step where no tag is on it.
func (r *Run) clearLoose(ctx context.Context, i int) error {
	s := r.plan.Steps[i]
	dummy := dummyOf(r.dummyName(i))
	if _, there, err := r.resolve(ctx, s.Reference, string(dummy)); err != nil || !there {
		return err
	}
	if now, _, err := r.resolve(ctx, s.Reference, s.Reference.Tag); err != nil || now == dummy {
		return err
	}
	return r.reg.DeleteManifest(ctx, s.Reference.Repository, dummy)
}

// forget has the journal not name the dummy of a step any more, as it was deleted.
func (r *Run) forget(ctx context.Context, i int, was journal.Step) error {
	why, _, named := strings.Cut(was.Error, dummySays)
	if !named {
		return nil
	}
	return r.jour.Settle(ctx, r.id, i, was.Outcome, why)
}

// more is err with more in its detail.
func more(err error, s plan.Step, what string) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return &fault.Error{
			Op: string(s.Kind), Object: s.Reference.String(), Kind: fault.KindOf(err), Detail: err.Error() + what, Err: err,
		}
	}
	said := *f
	if said.Detail == "" && said.Err != nil {
		said.Detail = said.Err.Error()
	}
	said.Detail += what
	return &said
}
