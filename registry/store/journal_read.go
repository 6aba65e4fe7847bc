package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
)

const runColumns = `SELECT id, title, plan, started, ended, state, undo_of, who FROM run `

// Runs are the newest runs, the newest first.
func (j *Journal) Runs(ctx context.Context, limit int) ([]journal.Run, error) {
	return j.runs(ctx, runColumns+`ORDER BY seq DESC LIMIT ?`, limit)
}

// Run is the run whose name begins with id, which must be the only one.
func (j *Journal) Run(ctx context.Context, id string) (journal.Run, error) {
	found, err := j.runs(ctx, runColumns+`WHERE substr(id, 1, length(?1)) = ?1 ORDER BY seq DESC LIMIT 2`, id)
	switch {
	case err != nil:
		return journal.Run{}, err
	case len(found) == 0 || id == "":
		return journal.Run{}, &fault.Error{
			Op: "find run", Object: id, Kind: fault.NotFound, Advice: "`regatta journal` lists the runs",
		}
	case len(found) > 1:
		return journal.Run{}, &fault.Error{
			Op: "find run", Object: id, Kind: fault.Invalid, Detail: "more than one run begins so",
		}
	}
	return found[0], nil
}

func (j *Journal) runs(ctx context.Context, query string, args ...any) ([]journal.Run, error) {
	if j.cause != nil {
		return nil, j.unreadable(j.cause)
	}
	found, err := j.scanRuns(ctx, query, args...)
	for i := range found {
		if err == nil {
			err = j.complete(ctx, &found[i])
		}
	}
	if err != nil {
		return nil, j.unreadable(err)
	}
	return found, nil
}

func (j *Journal) unreadable(err error) error {
	f, ok := errors.AsType[*fault.Error](j.unrecorded(err))
	if !ok {
		return err
	}
	out := *f
	out.Op = "read the journal"
	return &out
}

func (j *Journal) scanRuns(ctx context.Context, query string, args ...any) ([]journal.Run, error) {
	rows, err := j.db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // it only ends the reading
	var found []journal.Run
	for rows.Next() {
		var (
			r              journal.Run
			raw            []byte
			started, ended int64
			state          string
		)
		if err := rows.Scan(&r.ID, &r.Title, &raw, &started, &ended, &state, &r.UndoOf, &r.Who); err != nil {
			return nil, err
		}
		if r.Plan, err = plan.Decode(raw); err != nil {
			return nil, err
		}
		r.Started, r.Ended, r.State = moment(started), moment(ended), journal.State(state)
		found = append(found, r)
	}
	return found, rows.Err()
}

// moment is the zero time where none is written down.
func moment(millis int64) time.Time {
	if millis == 0 {
		return time.Time{}
	}
	return stamp(millis)
}

// complete adds what the other tables, and the locks, tell of a run.
func (j *Journal) complete(ctx context.Context, r *journal.Run) error {
	if !r.State.Ended() {
		r.State = j.carriedOut(ctx, r.ID)
	}
	r.Steps = make([]journal.Step, len(r.Plan.Steps))
	err := each(ctx, j.db.read, `SELECT idx, outcome, error, began, ended FROM step WHERE run = ?`, r.ID,
		func(rows *sql.Rows) error {
			var (
				i            int
				s            journal.Step
				began, ended int64
			)
			if err := rows.Scan(&i, &s.Outcome, &s.Error, &began, &ended); err != nil || i < 0 || i >= len(r.Steps) {
				return err
			}
			s.Began, s.Ended = moment(began), moment(ended)
			r.Steps[i] = s
			return nil
		})
	if err != nil {
		return err
	}
	return errors.Join(j.saved(ctx, r), j.undone(ctx, r), j.remarks(ctx, r))
}

// carriedOut is the state of a run that has not ended.
func (j *Journal) carriedOut(ctx context.Context, run string) journal.State {
	switch here, elsewhere := j.held(ctx, run); {
	case here:
		return journal.Running
	case elsewhere:
		return journal.Elsewhere
	}
	return journal.Interrupted
}

func (j *Journal) saved(ctx context.Context, r *journal.Run) error {
	return each(ctx, j.db.read, `SELECT idx, digest FROM saved WHERE run = ? ORDER BY idx, digest`, r.ID,
		func(rows *sql.Rows) error {
			var i int
			var d ref.Digest
			if err := rows.Scan(&i, &d); err != nil || i < 0 || i >= len(r.Steps) {
				return err
			}
			r.Steps[i].Saved = append(r.Steps[i].Saved, d)
			return nil
		})
}

// undone adds which runs undo r, and how far they came.
func (j *Journal) undone(ctx context.Context, r *journal.Run) error {
	all, err := j.undoings(ctx, j.db.read, r.ID)
	*r = r.UndoneBy(all)
	return err
}

// undoings are the runs that undo another, the oldest first, as they are now.
func (j *Journal) undoings(ctx context.Context, db rowReader, run string) ([]journal.Undoing, error) {
	var all []journal.Undoing
	err := each(ctx, db, `
SELECT id, state,
	EXISTS (SELECT 1 FROM json_each(CAST(plan AS TEXT), '$.lost') WHERE NOT coalesce(json_extract(value, '$.maybe'), 0)),
	EXISTS (SELECT 1 FROM run AS again WHERE again.undo_of = run.id AND again.state = 'done'
		AND json_array_length(CAST(again.plan AS TEXT), '$.steps') > 0),
	NOT EXISTS (SELECT 1 FROM json_each(CAST(plan AS TEXT), '$.steps') AS s
		JOIN step ON step.run = run.id AND step.idx = s.key
		WHERE step.outcome IN ('done', 'running') AND json_extract(s.value, '$.kind') NOT IN ('copy-blob', 'pull')),
	coalesce(json_array_length(CAST(plan AS TEXT), '$.steps'), 0) = 0
FROM run WHERE undo_of = ? ORDER BY seq`, run,
		func(rows *sql.Rows) error {
			var u journal.Undoing
			err := rows.Scan(&u.ID, &u.State, &u.Loses, &u.Undone, &u.Idle, &u.Empty)
			all = append(all, u)
			return err
		})
	for i := range all {
		if all[i].State == journal.Running {
			all[i].State = j.carriedOut(ctx, all[i].ID)
		}
	}
	return all, err
}

// rowReader reads, in a transaction or on its own.
type rowReader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func each(ctx context.Context, db rowReader, query, arg string, do func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, query, arg)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // it only ends the reading
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Saved is a manifest that is kept for undo, checked against its digest.
func (j *Journal) Saved(ctx context.Context, d ref.Digest) (image.Manifest, error) {
	if j.cause != nil {
		return image.Manifest{}, j.unreadable(j.cause)
	}
	var media string
	var raw []byte
	err := j.db.read.QueryRowContext(ctx, `SELECT media, raw FROM manifest WHERE digest = ?`, string(d)).
		Scan(&media, &raw)
	if errors.Is(err, sql.ErrNoRows) {
		return image.Manifest{}, &fault.Error{Op: "find saved manifest", Object: string(d), Kind: fault.NotFound}
	}
	if err == nil {
		err = d.Verify(raw)
	}
	if err != nil {
		return image.Manifest{}, j.unreadable(err)
	}
	m, err := image.ParseManifest(media, raw)
	if err != nil {
		return image.Manifest{}, j.unreadable(err)
	}
	m.MediaType, m.Digest = media, d
	return m, nil
}
