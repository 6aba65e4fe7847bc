package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"regatta/model/ref"
)

// maxItem is the size in bytes above which content is not kept.
const maxItem = 16 << 20

// Content is what is kept of the content with digest d. It is checked against d
// every time; what does not match is dropped and counts as a miss. The caller
// must not change raw.
func (s *Store) Content(ctx context.Context, d ref.Digest) (mediaType string, raw []byte, ok bool) {
	if s.database() == nil {
		return "", nil, false
	}
	if media, raw, ok := s.recent(d); ok {
		if d.Verify(raw) == nil {
			s.queue.touch(d, s.clock.use())
			return media, raw, true
		}
		s.front.drop(d)
	}
	media, raw, ok := s.stored(ctx, d)
	if !ok {
		return "", nil, false
	}
	if d.Verify(raw) != nil {
		s.queue.drop(d)
		return "", nil, false
	}
	s.front.put(d, media, raw)
	s.queue.touch(d, s.clock.use())
	return media, raw, true
}

func (s *Store) recent(d ref.Digest) (media string, raw []byte, ok bool) {
	if media, raw, ok = s.front.get(d); ok {
		return media, raw, true
	}
	c, ok := s.queue.find(d)
	return c.media, c.raw, ok
}

func (s *Store) stored(ctx context.Context, d ref.Digest) (media string, raw []byte, ok bool) {
	db := s.database()
	if db == nil {
		return "", nil, false
	}
	err := db.get.QueryRowContext(db.within(ctx), string(d)).Scan(&media, &raw)
	if err != nil && fatal(err) {
		s.degrade(ctx, db, err)
	}
	return media, raw, err == nil
}

// PutContent keeps raw under d without waiting. What does not match d, is
// larger than 16 MiB or comes faster than it can be written is not kept. The
// caller must not change raw afterwards.
func (s *Store) PutContent(d ref.Digest, mediaType string, raw []byte) {
	if len(raw) > maxItem || int64(len(raw)) > s.limit || d.Verify(raw) != nil || s.database() == nil {
		return
	}
	raw = slices.Clip(raw)
	s.front.put(d, mediaType, raw)
	s.queue.put(d, content{media: mediaType, raw: raw, used: s.clock.use()})
}

func dropRows(ctx context.Context, tx *sql.Tx, drops []ref.Digest) error {
	for _, d := range drops {
		if _, err := tx.ExecContext(ctx, `DELETE FROM content WHERE digest = ?`, string(d)); err != nil {
			return err
		}
	}
	return nil
}

func touchRows(ctx context.Context, tx *sql.Tx, touched map[ref.Digest]int64) error {
	if len(touched) == 0 {
		return nil
	}
	stmt, err := tx.PrepareContext(ctx, `UPDATE content SET used = ? WHERE digest = ? AND used < ?`)
	if err != nil {
		return err
	}
	for d, used := range touched {
		if _, err := stmt.ExecContext(ctx, used, string(d), used); err != nil {
			return errors.Join(err, stmt.Close())
		}
	}
	return stmt.Close()
}

func putRows(ctx context.Context, tx *sql.Tx, puts map[ref.Digest]content) error {
	if len(puts) == 0 {
		return nil
	}
	stmt, err := tx.PrepareContext(ctx, `
INSERT INTO content (digest, media, size, used, raw) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (digest) DO UPDATE SET media = excluded.media, raw = excluded.raw, used = max(used, excluded.used)`)
	if err != nil {
		return err
	}
	for d, c := range puts {
		if _, err := stmt.ExecContext(ctx, string(d), c.media, len(c.raw), c.used, c.raw); err != nil {
			return errors.Join(err, stmt.Close())
		}
	}
	return stmt.Close()
}
