package store

import (
	"context"
	"fmt"
	"time"

	"regatta/model/plan"
)

// Refusals are what a registry would not delete in a repository, by the kind of
// step that it refused.
func (s *Store) Refusals(ctx context.Context, host, repository string) (map[plan.Kind]plan.Refusal, error) {
	db := s.database()
	if db == nil {
		return nil, nil
	}
	out, err := db.refusals(db.within(ctx), host, repository)
	if err != nil && s.lost(ctx, db, err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what %s refused in %s: %w", host, repository, err)
	}
	return out, nil
}

func (db *database) refusals(ctx context.Context, host, repository string) (map[plan.Kind]plan.Refusal, error) {
	rows, err := db.read.QueryContext(ctx,
		`SELECT kind, status, at FROM refusal WHERE host = ? AND repository = ?`, host, repository)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // it only ends the reading
	out := map[plan.Kind]plan.Refusal{}
	for rows.Next() {
		var (
			kind plan.Kind
			r    plan.Refusal
			at   int64
		)
		if err := rows.Scan(&kind, &r.Status, &at); err != nil {
			return nil, err
		}
		r.At = time.UnixMilli(at).UTC()
		out[kind] = r
	}
	return out, rows.Err()
}

// NoteRefusal keeps that a registry refused a kind of step now, with that status.
func (s *Store) NoteRefusal(host, repository string, kind plan.Kind, status int) error {
	return s.refuse("keep what was refused in", host, repository,
		`INSERT INTO refusal (host, repository, kind, status, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET status = excluded.status, at = excluded.at`,
		host, repository, kind, status, s.clock.seen())
}

// ForgetRefusal is for a registry that did what it had refused.
func (s *Store) ForgetRefusal(host, repository string, kind plan.Kind) error {
	return s.refuse("forget what was refused in", host, repository,
		`DELETE FROM refusal WHERE host = ? AND repository = ? AND kind = ?`, host, repository, kind)
}

func (s *Store) refuse(what, host, repository, query string, args ...any) error {
	db := s.database()
	if db == nil || !named(host, repository) {
		return nil
	}
	ctx := context.Background()
	_, err := db.write.ExecContext(ctx, query, args...)
	if err != nil && s.lost(ctx, db, err) {
		if db = s.database(); db != nil {
			_, err = db.write.ExecContext(ctx, query, args...)
		}
	}
	if err != nil {
		return fmt.Errorf("%s %s/%s: %w", what, host, repository, err)
	}
	return nil
}
