package store

import (
	"context"
	"errors"
	"fmt"

	"regatta/model/ref"
)

// ErrSessionOnly is what SetPin's error wraps when the pin is set but will not
// outlive the program.
var ErrSessionOnly = errors.New("kept for this session only")

// Pins are the pinned repositories of a host, by name.
func (s *Store) Pins(ctx context.Context, host string) ([]string, error) {
	db := s.database()
	if db == nil {
		return nil, nil
	}
	pins, err := db.pins(db.within(ctx), host)
	if err != nil && s.lost(ctx, db, err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the pins of %s: %w", host, err)
	}
	return pins, nil
}

func (db *database) pins(ctx context.Context, host string) ([]string, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT repository FROM pin WHERE host = ? ORDER BY repository`, host)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // it only ends the reading
	var pins []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if ref.CheckRepository(name) == nil {
			pins = append(pins, name)
		}
	}
	return pins, rows.Err()
}

// SetPin pins or unpins a repository, and returns when that is written.
func (s *Store) SetPin(host, repository string, pinned bool) error {
	if err := errors.Join(ref.CheckHost(host), ref.CheckRepository(repository)); err != nil {
		return err
	}
	ctx := context.Background()
	db := s.database()
	if db == nil {
		return fmt.Errorf("pin %s/%s: the store is closed", host, repository)
	}
	err := db.setPin(ctx, host, repository, pinned)
	if err != nil && s.lost(ctx, db, err) {
		if db = s.database(); db != nil {
			err = db.setPin(ctx, host, repository, pinned)
		}
	}
	if err != nil {
		return fmt.Errorf("pin %s/%s: %w", host, repository, err)
	}
	if reason := s.outOfUse(); reason != "" {
		return fmt.Errorf("pin %s/%s: %w: %s", host, repository, ErrSessionOnly, reason)
	}
	return nil
}

func (db *database) setPin(ctx context.Context, host, repository string, pinned bool) error {
	query := `INSERT INTO pin (host, repository) VALUES (?, ?) ON CONFLICT DO NOTHING`
	if !pinned {
		query = `DELETE FROM pin WHERE host = ? AND repository = ?`
	}
	_, err := db.write.ExecContext(ctx, query, host, repository)
	return err
}

func (s *Store) outOfUse() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.reason
}
