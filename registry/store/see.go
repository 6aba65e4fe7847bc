package store

import (
	"context"
	"database/sql"
	"errors"

	"regatta/model/ref"
)

// tagName is a tag in full.
type tagName struct{ host, repository, tag string }

// seen is a run of sightings of one digest under a tag, in milliseconds.
type seen struct {
	tagName

	digest      ref.Digest
	first, last int64
}

// See notes that a tag points to d now. Names that are none are ignored.
func (s *Store) See(host, repository, tag string, d ref.Digest) {
	if _, err := ref.ParseDigest(string(d)); err != nil || !named(host, repository) || ref.CheckTag(tag) != nil {
		return
	}
	// Taken under the queue's lock, times are in the order of the rows.
	s.queue.change(true, func(b *batch) {
		at := s.clock.seen()
		b.see(seen{tagName: tagName{host, repository, tag}, digest: d, first: at, last: at})
	})
}

func named(host, repository string) bool {
	return ref.CheckHost(host) == nil && ref.CheckRepository(repository) == nil
}

func (b *batch) see(e seen) {
	if i, ok := b.latest[e.tagName]; ok && b.seen[i].digest == e.digest {
		b.seen[i].last = max(b.seen[i].last, e.last)
		return
	}
	if len(b.seen) >= maxQueuedSeen {
		return
	}
	b.latest[e.tagName] = len(b.seen)
	b.seen = append(b.seen, e)
}

func seeRows(ctx context.Context, tx *sql.Tx, events []seen) error {
	if len(events) == 0 {
		return nil
	}
	w, err := newSeer(ctx, tx)
	if err != nil {
		return err
	}
	for _, e := range events {
		if err = w.see(ctx, e); err != nil {
			break
		}
	}
	return errors.Join(err, w.close())
}

// seer writes sightings with statements prepared once.
type seer struct{ newest, extend, add *sql.Stmt }

func newSeer(ctx context.Context, tx *sql.Tx) (*seer, error) {
	w := &seer{}
	for text, stmt := range map[string]**sql.Stmt{
		`SELECT id, digest, last FROM sighting WHERE host = ? AND repository = ? AND tag = ?
ORDER BY id DESC LIMIT 1`: &w.newest,
		`UPDATE sighting SET last = ? WHERE id = ?`:                                                   &w.extend,
		`INSERT INTO sighting (host, repository, tag, digest, first, last) VALUES (?, ?, ?, ?, ?, ?)`: &w.add,
	} {
		var err error
		if *stmt, err = tx.PrepareContext(ctx, text); err != nil {
			return nil, errors.Join(err, w.close())
		}
	}
	return w, nil
}

// see extends the newest row of the tag or starts a new one. A clock that
// stepped back must not hide what the tag points to now, so a new row never
// begins before the end of the one before it.
func (w *seer) see(ctx context.Context, e seen) error {
	var (
		id, last int64
		digest   ref.Digest
	)
	err := w.newest.QueryRowContext(ctx, e.host, e.repository, e.tag).Scan(&id, &digest, &last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	known := err == nil
	if known && digest == e.digest {
		_, err = w.extend.ExecContext(ctx, max(last, e.last), id)
		return err
	}
	if known {
		e.first, e.last = max(last, e.first), max(last, e.last)
	}
	_, err = w.add.ExecContext(ctx, e.host, e.repository, e.tag, string(e.digest), e.first, e.last)
	return err
}

func (w *seer) close() error {
	var errs []error
	for _, s := range []*sql.Stmt{w.newest, w.extend, w.add} {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	return errors.Join(errs...)
}
