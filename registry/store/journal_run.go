package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
)

// Begin writes down that a run begins, and returns its name. From then on it
// belongs to this program, until End, Close or the program's end. Of two that undo
// the same run only one may: the other is an error of kind Drift.
func (j *Journal) Begin(ctx context.Context, r journal.Run) (string, error) {
	if j.cause != nil {
		return "", j.unrecorded(j.cause)
	}
	raw, err := json.Marshal(r.Plan)
	if err != nil {
		return "", j.unrecorded(err)
	}
	id := newRunID()
	if err := j.hold(ctx, id); err != nil {
		return "", err
	}
	err = j.record(ctx, func(ctx context.Context, s scribe) error {
		if err := j.mayUndo(ctx, s.Tx, r.UndoOf); err != nil {
			return err
		}
		_, err := s.exec(ctx,
			`INSERT INTO run (id, title, plan, started, ended, state, undo_of, who) VALUES (?, ?, ?, ?, 0, ?, ?, ?)`,
			id, r.Title, raw, j.now().UnixMilli(), string(journal.Running), r.UndoOf, r.Who)
		if err != nil {
			return err
		}
		if err := j.insertRemarks(ctx, s.Tx, id, r.Remarks); err != nil {
			return err
		}
		return insertSteps(ctx, s.Tx, id, len(r.Plan.Steps))
	})
	if err != nil {
		j.letGo(id, true)
		return "", err
	}
	return id, nil
}

// mayUndo refuses to undo a run that another has undone, or is undoing, and one that
// is carried out.
func (j *Journal) mayUndo(ctx context.Context, tx *sql.Tx, run string) error {
	if run == "" {
		return nil
	}
	if here, elsewhere := j.held(ctx, run); here || elsewhere {
		return journal.Run{ID: run, State: journal.Running}.MayUndo()
	}
	all, err := j.undoings(ctx, tx, run)
	if err != nil {
		return err
	}
	return journal.Run{ID: run}.UndoneBy(all).MayUndo()
}

func insertSteps(ctx context.Context, tx *sql.Tx, run string, n int) error {
	stmt, err := tx.PrepareContext(ctx,
		`INSERT INTO step (run, idx, outcome, error, began, ended) VALUES (?, ?, ?, '', 0, 0)`)
	if err != nil {
		return err
	}
	for i := range n {
		if _, err := stmt.ExecContext(ctx, run, i, string(plan.Pending)); err != nil {
			return errors.Join(err, stmt.Close())
		}
	}
	return stmt.Close()
}

// hold makes the run this program's.
func (j *Journal) hold(ctx context.Context, id string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.leases[id] != nil {
		return heldError(id, "it is running")
	}
	l, err := takeLease(ctx, j.leasePath(id))
	if errors.Is(err, errHeld) {
		return heldError(id, "another program on this machine carries it out")
	}
	if err != nil {
		return j.unrecorded(err)
	}
	j.leases[id] = l
	return nil
}

func heldError(id, why string) error {
	return &fault.Error{Op: "take over run", Object: id, Kind: fault.Drift, Detail: why}
}

func (j *Journal) letGo(id string, over bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if l := j.leases[id]; l != nil {
		l.release(over)
		delete(j.leases, id)
	}
}

// Claim makes a run that did not end, or that has steps left, this program's.
// Its steps then stand as they were written down last.
func (j *Journal) Claim(ctx context.Context, id string) (journal.Run, error) {
	if _, err := j.Run(ctx, id); err != nil {
		return journal.Run{}, err
	}
	if err := j.hold(ctx, id); err != nil {
		return journal.Run{}, err
	}
	err := j.record(ctx, func(ctx context.Context, s scribe) error {
		_, err := s.exec(ctx, `UPDATE run SET state = ?, ended = 0 WHERE id = ?`, string(journal.Running), id)
		return err
	})
	if err == nil {
		var r journal.Run
		if r, err = j.Run(ctx, id); err == nil {
			return r, nil
		}
	}
	j.letGo(id, false)
	return journal.Run{}, err
}

// Intend writes down that a step is about to act, and the manifests that are
// about to be lost.
func (j *Journal) Intend(ctx context.Context, run string, step int, saved []image.Manifest) error {
	return j.record(ctx, func(ctx context.Context, s scribe) error {
		for _, m := range saved {
			if _, err := s.exec(ctx, keepManifest, string(m.Digest), m.MediaType, m.Raw); err != nil {
				return err
			}
			if _, err := s.exec(ctx, keepFor, run, step, string(m.Digest)); err != nil {
				return err
			}
		}
		return exactlyOne(s.exec(ctx, beginStep, string(plan.Running), j.now().UnixMilli(), run, step))
	})
}

// Settle writes down how a step ended.
func (j *Journal) Settle(ctx context.Context, run string, step int, o plan.Outcome, why string) error {
	return j.record(ctx, func(ctx context.Context, s scribe) error {
		return exactlyOne(s.exec(ctx, endStep, string(o), why, j.now().UnixMilli(), run, step))
	})
}

// End writes down how the run ended, and lets it go.
func (j *Journal) End(ctx context.Context, run string, state journal.State) error {
	err := j.record(ctx, func(ctx context.Context, s scribe) error {
		if _, err := s.exec(ctx, `DELETE FROM tags_before WHERE run = ?`, run); err != nil {
			return err
		}
		return exactlyOne(s.exec(ctx,
			`UPDATE run SET state = ?, ended = ? WHERE id = ?`, string(state), j.now().UnixMilli(), run))
	})
	j.letGo(run, err == nil)
	return err
}

var errNoSuchStep = errors.New("the journal knows no such step")

func exactlyOne(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errNoSuchStep, err)
	}
	return nil
}
