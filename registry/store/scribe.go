package store

import (
	"context"
	"database/sql"
	"errors"
)

// stepStatements are those that every step of a run takes, compiled once: a run
// of a thousand steps would spend longer on compiling than on writing.
func stepStatements() []string {
	return []string{keepManifest, keepFor, beginStep, endStep}
}

const (
	keepManifest = `INSERT INTO manifest (digest, media, raw) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`
	keepFor      = `INSERT INTO saved (run, idx, digest) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`
	beginStep    = `UPDATE step SET outcome = ?, error = '', began = ?, ended = 0 WHERE run = ? AND idx = ?`
	endStep      = `UPDATE step SET outcome = ?, error = ?, ended = ? WHERE run = ? AND idx = ?`
)

// scribe writes within one transaction.
type scribe struct {
	*sql.Tx

	compiled map[string]*sql.Stmt
}

// exec runs a statement, compiled before if it is one of stepStatements.
func (s scribe) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if stmt, ok := s.compiled[query]; ok {
		return s.StmtContext(ctx, stmt).ExecContext(ctx, args...)
	}
	return s.ExecContext(ctx, query, args...)
}

func compile(ctx context.Context, db *sql.DB) (map[string]*sql.Stmt, error) {
	out := map[string]*sql.Stmt{}
	for _, query := range stepStatements() {
		stmt, err := db.PrepareContext(ctx, query)
		if err != nil {
			return nil, errors.Join(err, closeAll(out))
		}
		out[query] = stmt
	}
	return out, nil
}

func closeAll(stmts map[string]*sql.Stmt) error {
	var err error
	for _, s := range stmts {
		err = errors.Join(err, s.Close())
	}
	return err
}
