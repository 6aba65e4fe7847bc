package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"regatta/model/image"
	"regatta/model/ref"
)

// Tags is the newest sighting of every tag of a repository, by name. Times are
// in UTC, to the millisecond.
func (s *Store) Tags(ctx context.Context, host, repository string) ([]image.Sighting, error) {
	found, err := s.sightings(ctx, `SELECT tag, digest, first, last FROM sighting WHERE id IN (
	SELECT max(id) FROM sighting WHERE host = ? AND repository = ? GROUP BY tag) ORDER BY tag`, host, repository)
	if err != nil {
		return nil, fmt.Errorf("read the known tags of %s/%s: %w", host, repository, err)
	}
	return found, nil
}

// History is what a tag pointed to, newest first.
func (s *Store) History(ctx context.Context, host, repository, tag string) ([]image.Sighting, error) {
	found, err := s.sightings(ctx, `SELECT tag, digest, first, last FROM sighting
WHERE host = ? AND repository = ? AND tag = ? ORDER BY id DESC`, host, repository, tag)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s/%s:%s: %w", host, repository, tag, err)
	}
	return found, nil
}

// settle is how long a reader of the history waits for what is being written.
const settle = 3 * time.Second

// sightings reads what was seen, with what was seen just now. A file that
// fails is left for memory, where nothing is known: that is no error.
func (s *Store) sightings(ctx context.Context, query string, args ...any) ([]image.Sighting, error) {
	waiting, cancel := context.WithTimeout(ctx, settle)
	defer cancel()
	_ = s.Flush(waiting) // what is not written in time is missing, not in the way
	db := s.database()
	if db == nil {
		return nil, nil
	}
	found, err := readSightings(db.within(ctx), db.read, query, args...)
	if err != nil && s.lost(ctx, db, err) {
		return nil, nil
	}
	return found, err
}

func readSightings(ctx context.Context, db *sql.DB, query string, args ...any) ([]image.Sighting, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // it only ends the reading
	var found []image.Sighting
	for rows.Next() {
		var (
			tag, digest string
			first, last int64
		)
		if err := rows.Scan(&tag, &digest, &first, &last); err != nil {
			return nil, err
		}
		if d, err := ref.ParseDigest(digest); err == nil && ref.CheckTag(tag) == nil {
			found = append(found, image.Sighting{Tag: tag, Digest: d, First: stamp(first), Last: stamp(last)})
		}
	}
	return found, rows.Err()
}

func stamp(millis int64) time.Time { return time.UnixMilli(millis).UTC() }
