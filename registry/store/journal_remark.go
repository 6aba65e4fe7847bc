package store

import (
	"context"
	"database/sql"

	"regatta/model/journal"
)

// Remark writes down what was found out about a run besides its steps.
func (j *Journal) Remark(ctx context.Context, run string, remarks ...journal.Remark) error {
	return j.record(ctx, func(ctx context.Context, s scribe) error {
		return j.insertRemarks(ctx, s.Tx, run, remarks)
	})
}

func (j *Journal) insertRemarks(ctx context.Context, tx *sql.Tx, run string, remarks []journal.Remark) error {
	for _, r := range remarks {
		_, err := tx.ExecContext(ctx, `INSERT INTO remark (run, about, level, text, at) VALUES (?, ?, ?, ?, ?)`,
			run, string(r.About), r.Level, r.Text, j.now().UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}

// remarks adds the remarks of a run.
func (j *Journal) remarks(ctx context.Context, r *journal.Run) error {
	return each(ctx, j.db.read, `SELECT about, level, text, at FROM remark WHERE run = ? ORDER BY seq`, r.ID,
		func(rows *sql.Rows) error {
			var m journal.Remark
			var at int64
			err := rows.Scan(&m.About, &m.Level, &m.Text, &at)
			m.At = moment(at)
			r.Remarks = append(r.Remarks, m)
			return err
		})
}
