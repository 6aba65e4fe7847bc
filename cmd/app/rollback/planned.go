package rollback

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/rollback"
	"regatta/model/text"
)

// planned checks what tags are to go back to, and plans it. What the checks found
// is part of the plan.
func planned(
	ctx context.Context, s *app.App, goals []rollback.Goal,
) (plan.Plan, []*Case, error) {
	all := make([]*Case, len(goals))
	err := app.Each(ctx, app.Indexes(goals), func(ctx context.Context, i int) (err error) {
		all[i], err = checked(ctx, s, goals[i])
		return err
	})
	if err != nil {
		return plan.Plan{}, nil, err
	}
	p, err := Plan(ctx, s, all, KeepPrefix(s))
	for _, l := range all {
		for _, said := range Differences(Difference(ctx, l)) {
			p.Notes = append(p.Notes, l.Among(all)+"differs, "+text.Clean(said))
		}
	}
	for _, r := range CheckRemarks(all, "") {
		switch rollback.Level(r.Level) {
		case rollback.Warn: // those are risks of the plan
		case rollback.Unknown:
			p.Notes = append(p.Notes, r.Text)
		case rollback.OK, rollback.Block:
			p.Notes = append(p.Notes, "checked, "+r.Text)
		}
	}
	return p, all, err
}

// checked is a tag on its way back, unless a check forbids that.
func checked(ctx context.Context, s *app.App, g rollback.Goal) (*Case, error) {
	l, uses, err := Load(ctx, s, g.Tag, KeepPrefix(s))
	if err != nil {
		return nil, err
	}
	l.Target, l.Shown = g.To, g.From
	if err := Check(ctx, s, l, uses, KeepPrefix(s)); err != nil {
		return nil, err
	}
	if err := Barred([]*Case{l}); err != nil {
		if l.Storage(g.To.Digest) == image.Archived {
			return nil, ArchivedError{err, g}
		}
		return nil, err
	}
	return l, nil
}

// ArchivedError is a rollback to what is in the archive.
type ArchivedError struct {
	error

	Goal rollback.Goal // what was to go back, and where to
}

// Unwrap gives the kind.
func (e ArchivedError) Unwrap() error { return e.error }
