package store

import (
	"context"
	"fmt"
	"time"
)

// run is the only writer of content and sightings. Whatever arrives while one
// batch is written makes up the next, so a burst is a few transactions.
func (s *Store) run() {
	defer close(s.done)
	ctx := context.Background()
	for {
		select {
		case <-s.queue.wake:
			s.queue.gather()
			s.writeNext(ctx, patience)
		case <-s.queue.quit:
			s.writeNext(ctx, 1)
			s.end()
			return
		}
	}
}

// gather lets a batch fill while content streams in: a transaction for each
// few rows costs as much as the requests that brought them.
func (q *queue) gather() {
	const most = 100 * time.Millisecond
	t := time.NewTimer(most)
	defer t.Stop()
	select {
	case <-t.C:
	case <-q.hurry:
	case <-q.quit:
	}
}

// patience is how often a batch is tried while another program holds the file;
// each try waits for the lock as long as busy_timeout says.
const patience = 3

func (s *Store) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		s.db.close()
		s.db = nil
	}
}

func (s *Store) writeNext(ctx context.Context, tries int) {
	b := s.queue.take()
	var err error
	if !b.empty() {
		err = s.write(ctx, b, tries)
	}
	s.queue.written()
	for _, w := range b.waiters {
		w <- err
	}
}

// write commits b, in memory where the file fails.
func (s *Store) write(ctx context.Context, b *batch, tries int) error {
	db := s.database()
	if db == nil {
		return nil
	}
	err := db.commit(ctx, b)
	for n := 1; n < tries && busy(err); n++ {
		err = db.commit(ctx, b)
	}
	switch {
	case err == nil:
		return nil
	case fatal(err):
		s.degrade(ctx, db, err)
		if next := s.database(); next != nil && next != db {
			err = next.commit(ctx, b)
		}
	case busy(err):
		s.remark("another program kept the cache locked; some of what was learnt is not kept")
	}
	if err != nil {
		return fmt.Errorf("write to the cache %s: %w", s.path, err)
	}
	return nil
}

func (db *database) commit(ctx context.Context, b *batch) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer rollback(tx)
	for _, step := range []func() error{
		func() error { return dropRows(ctx, tx, b.drops) },
		func() error { return touchRows(ctx, tx, b.touched) },
		func() error { return putRows(ctx, tx, b.puts) },
		func() error { return evict(ctx, tx, db.limit) },
		func() error { return seeRows(ctx, tx, b.seen) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return tx.Commit()
}
