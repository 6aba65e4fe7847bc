package run

import (
	"context"
	"errors"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
)

// leftover names, in the error of a step that removes a tag by a dummy and failed, the
// dummy where it is still in the registry: nobody else would know what it is. Where the
// tag may point to it, the step is in doubt: undo and resume then delete it first.
func (t *trying) leftover(stop context.Context, e ending) ending {
	s := t.plan.Steps[t.i]
	if s.Kind != plan.UntagByDummy || e.err == nil || e.outcome.Succeeded() || t.acts == 0 && !t.begun {
		return e
	}
	ctx, cancel := lingering(stop)
	defer cancel()
	dummy := dummyOf(t.dummyName(t.i))
	_, there, err := t.resolve(ctx, s.Reference, string(dummy))
	if err == nil && !there {
		return e
	}
	now, _, lost := t.resolve(ctx, s.Reference, s.Reference.Tag)
	e.unsure = e.unsure || lost != nil || now == dummy
	at := ref.Reference{Host: s.Reference.Host, Repository: s.Reference.Repository, Digest: dummy}
	said := "; the dummy manifest " + at.String() + " is still there"
	switch {
	case err != nil:
		said = "; the dummy manifest " + at.String() + " may be there"
	case now == dummy:
		said += ", with the tag"
	}
	e.err = more(e.err, s, said+": resume the run, or delete that")
	return e
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
