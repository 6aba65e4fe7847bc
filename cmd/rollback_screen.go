package cmd

import (
	"context"
	"errors"
	"sync/atomic"

	"regatta/cmd/app"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/model/catalog"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	model "regatta/model/rollback"
	"regatta/model/text"
	"regatta/model/usage"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/images"
	"regatta/ui/screen/review"
	"regatta/ui/screen/rollback"
)

func (w *wiring) rollbackScreen(c catalog.Context, b registry.Backend, r ref.Reference) kit.Screen {
	wire := w.candidatesOf(c, b, r)
	wire.Together = func() kit.Screen { return w.kinScreen(c, b, r) }
	return rollback.New(w.com, wire)
}

// candidatesOf connects the screen of what a tag can go back to.
func (w *wiring) candidatesOf(c catalog.Context, b registry.Backend, r ref.Reference) rollback.Wiring {
	var known atomic.Pointer[rollbacks.Case]
	return rollback.Wiring{
		Context: c, Tag: r, Counts: b.Capabilities().CountsReads, Scans: app.ScannerOf(b) != nil,
		Profile: func(ctx context.Context, one model.Candidate) (model.Profile, error) {
			return rollbacks.Profile(ctx, w.app, known.Load(), one)
		},
		Load: func(ctx context.Context) (rollback.Loaded, error) {
			l, uses, err := rollbacks.Load(ctx, w.app, r, keepPrefixOf(w.app))
			if err != nil {
				return rollback.Loaded{}, err
			}
			known.Store(l)
			return shownAs(l, uses), nil
		},
		Open: func(one model.Candidate) kit.Screen {
			at := ref.Reference{Host: r.Host, Repository: r.Repository, Digest: one.Digest}
			return w.imageScreen(c, b, at, one.Tags, false)
		},
		Compare: func(one model.Candidate, from ref.Digest) kit.Screen { return w.beforeAndAfter(c, r, one, from) },
		Plan: func(one model.Candidate, from ref.Digest) kit.Screen {
			return w.backScreen(c, []model.Goal{{Tag: r, From: from, To: one}})
		},
	}
}

// shownAs is what the screens tell of a tag.
func shownAs(l *rollbacks.Case, uses usage.Set) rollback.Loaded {
	notes := uses.Gaps()
	if said := model.Skew(l.Facts); said != "" {
		notes = append(notes, said)
	}
	return rollback.Loaded{
		Current: l.Facts.Current, Names: l.Facts.Names(l.Facts.Current), History: l.History, Candidates: l.Candidates,
		Notes: notes,
	}
}

// beforeAndAfter compares what a tag points to with what it can go back to.
func (w *wiring) beforeAndAfter(c catalog.Context, r ref.Reference, one model.Candidate, from ref.Digest) kit.Screen {
	now, to := r, ref.Reference{Host: r.Host, Repository: r.Repository, Digest: one.Digest}
	now.Digest = from
	if len(one.Tags) > 0 {
		to.Tag = one.Tags[0]
	}
	return w.compareScreen(c)(now, to)
}

// backScreen is the plan of going back.
func (w *wiring) backScreen(c catalog.Context, goals []model.Goal) kit.Screen {
	t := &trip{wiring: w, context: c, goals: goals}
	return t.screen()
}

func nameOf(one model.Candidate) string {
	if len(one.Tags) > 0 {
		return one.Tags[0]
	}
	return one.Digest.Short()
}

// backPlan checks what tags are to go back to, and plans it. What the checks found
// is part of the plan.
func (w *wiring) backPlan(ctx context.Context, goals []model.Goal) (plan.Plan, []*rollbacks.Case, error) {
	all := make([]*rollbacks.Case, len(goals))
	err := app.Each(ctx, app.Indexes(goals), func(ctx context.Context, i int) (err error) {
		all[i], err = w.checked(ctx, goals[i])
		return err
	})
	if err != nil {
		return plan.Plan{}, nil, err
	}
	p, err := rollbacks.Plan(ctx, w.app, all, keepPrefixOf(w.app))
	for _, l := range all {
		for _, said := range differences(differenceTo(ctx, l)) {
			p.Notes = append(p.Notes, l.Among(all)+"differs, "+text.Clean(said))
		}
	}
	for _, r := range checkRemarks(all, "") {
		switch model.Level(r.Level) {
		case model.Warn: // those are risks of the plan
		case model.Unknown:
			p.Notes = append(p.Notes, r.Text)
		case model.OK, model.Block:
			p.Notes = append(p.Notes, "checked, "+r.Text)
		}
	}
	return p, all, err
}

// checked is a tag on its way back, unless a check forbids that.
func (w *wiring) checked(ctx context.Context, g model.Goal) (*rollbacks.Case, error) {
	l, uses, err := rollbacks.Load(ctx, w.app, g.Tag, keepPrefixOf(w.app))
	if err != nil {
		return nil, err
	}
	l.Target, l.Shown = g.To, g.From
	if err := rollbacks.Check(ctx, w.app, l, uses, keepPrefixOf(w.app)); err != nil {
		return nil, err
	}
	if err := blocked([]*rollbacks.Case{l}); err != nil {
		if l.Storage(g.To.Digest) == image.Archived {
			return nil, archivedError{err, g}
		}
		return nil, err
	}
	return l, nil
}

// archivedError is a rollback to what is in the archive.
type archivedError struct {
	error

	goal model.Goal
}

// Unwrap gives the kind.
func (e archivedError) Unwrap() error { return e.error }

// remedy is the plan that restores what is in the archive.
func (t *trip) remedy(why error) *review.Remedy {
	var archived archivedError
	if !errors.As(why, &archived) {
		return nil
	}
	g := archived.goal
	into := images.Changes{}
	t.archiving(&into, t.context, g.Tag.Repository)
	return &review.Remedy{Says: "restores it", Plan: func() kit.Screen {
		return into.Restore([]ref.Digest{g.To.Digest}, "restore "+nameOf(g.To)+" of "+g.Tag.Repository)
	}}
}
