// Package rollback connects the screens of a rollback, from the candidates to what it has left.
// It imports app, ui and model.
package rollback

import (
	"context"
	"sync/atomic"

	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/tui/contents"
	"regatta/cmd/tui/desk"
	"regatta/model/catalog"
	"regatta/model/ref"
	model "regatta/model/rollback"
	"regatta/model/usage"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/rollback"
)

func rollbackScreen(w *desk.Desk, c catalog.Context, b registry.Backend, r ref.Reference) kit.Screen {
	wire := candidatesOf(w, c, b, r)
	wire.Together = func() kit.Screen { return kinScreen(w, c, b, r) }
	return rollback.New(w.Common, wire)
}

// candidatesOf connects the screen of what a tag can go back to.
func candidatesOf(w *desk.Desk, c catalog.Context, b registry.Backend, r ref.Reference) rollback.Wiring {
	var known atomic.Pointer[rollbacks.Case]
	return rollback.Wiring{
		Context: c, Tag: r, Counts: b.Capabilities().CountsReads, Scans: b.Abilities().Scans != nil,
		Profile: func(ctx context.Context, one model.Candidate) (model.Profile, error) {
			return rollbacks.Profile(ctx, w.App, known.Load(), one)
		},
		Load: func(ctx context.Context) (rollback.Loaded, error) {
			l, uses, err := rollbacks.Load(ctx, w.App, r, rollbacks.KeepPrefix(w.App))
			if err != nil {
				return rollback.Loaded{}, err
			}
			known.Store(l)
			return shownAs(l, uses), nil
		},
		Open: func(one model.Candidate) kit.Screen {
			at := ref.Reference{Host: r.Host, Repository: r.Repository, Digest: one.Digest}
			return w.Image(c, b, at, one.Tags, false)
		},
		Compare: func(one model.Candidate, from ref.Digest) kit.Screen { return beforeAndAfter(w, c, r, one, from) },
		Plan: func(one model.Candidate, from ref.Digest) kit.Screen {
			return backScreen(w, c, []model.Goal{{Tag: r, From: from, To: one}})
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
func beforeAndAfter(w *desk.Desk, c catalog.Context, r ref.Reference, one model.Candidate, from ref.Digest) kit.Screen {
	now, to := r, ref.Reference{Host: r.Host, Repository: r.Repository, Digest: one.Digest}
	now.Digest = from
	if len(one.Tags) > 0 {
		to.Tag = one.Tags[0]
	}
	return contents.Compare(w, c)(now, to)
}
