// Package store keeps what this machine has learnt of registries in one SQLite
// file: manifests and configs by digest, what every tag pointed to and when,
// and the repositories pinned by the user. A file that is damaged, locked or
// unwritable costs the memory, never the session. It may import the model and
// the database driver; it knows no terminal and no network.
package store

import (
	"context"
	"sync"
	"time"
)

// Memory is the Options.Path of a store that lives and dies with the program.
const Memory = ":memory:"

const defaultMaxBytes = 512 << 20

// Options say where a store is kept. MaxBytes bounds the content (0 means
// 512 MiB). Now is the clock; without one, sightings carry the zero time.
type Options struct {
	Path     string
	MaxBytes int64
	Now      func() time.Time
}

// Store is safe for concurrent use, and several programs may share its file.
type Store struct {
	path  string
	limit int64
	clock clock
	front *front
	queue *queue

	mu      sync.RWMutex
	db      *database // nil only once closed, or where not even memory is to be had
	reason  string    // why the file is not in use
	note    string    // what else there is to say about it
	closing sync.Once
	done    chan struct{} // closed when the writer has ended
}

// Open starts a store. It never fails: a store whose file cannot be used keeps
// what it learns in memory until Close, and its Status says why.
func Open(o Options) *Store {
	s := &Store{
		path: o.Path, limit: o.MaxBytes, clock: clock{now: o.Now},
		front: newFront(), queue: newQueue(), done: make(chan struct{}),
	}
	if s.limit <= 0 {
		s.limit = defaultMaxBytes
	}
	if s.clock.now == nil {
		s.clock.now = func() time.Time { return time.Time{} }
	}
	s.start(context.Background())
	go s.run()
	return s
}

func (s *Store) start(ctx context.Context) {
	if s.path == Memory {
		s.db, _ = openMemory(ctx, s.limit)
		return
	}
	db, note, err := openFile(ctx, s.path, s.limit, s.clock.now)
	s.note = note
	if err != nil {
		s.reason = explain(s.path, err)
		db, _ = openMemory(ctx, min(s.limit, maxSession))
	}
	s.db = db
}

// maxSession bounds the content held in memory where the file is out of use.
const maxSession = 32 << 20

// degrade goes on in memory after db failed in the middle of a session. A
// damaged file is moved aside so that the next session starts a new one.
func (s *Store) degrade(ctx context.Context, db *database, cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if db == nil || s.db != db || !db.onDisk {
		return
	}
	s.reason = explain(s.path, cause)
	db.close()
	if damaged(cause) {
		s.reason += movedText(moveAside(s.path, db.identity, s.clock.now()))
	}
	s.db, _ = openMemory(ctx, min(s.limit, maxSession))
}

// lost reports whether err means that db is out of use, by this failure or by
// one before it.
func (s *Store) lost(ctx context.Context, db *database, err error) bool {
	if fatal(err) {
		s.degrade(ctx, db, err)
		return true
	}
	return s.database() != db
}

func (s *Store) database() *database {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.db
}

// Flush returns once everything put so far is written, or says what could not
// be.
func (s *Store) Flush(ctx context.Context) error {
	written := s.queue.barrier()
	if written == nil {
		return nil
	}
	select {
	case err := <-written:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close writes what is left and ends the store; what is asked of it afterwards
// finds nothing.
func (s *Store) Close() error {
	s.closing.Do(s.queue.close)
	<-s.done
	return nil
}
