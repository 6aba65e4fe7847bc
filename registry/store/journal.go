package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"time"

	"regatta/model/fault"
)

// Journal keeps what was changed, in a file of its own. Unlike the cache it is
// never moved aside, dropped or replaced by memory: where it cannot be written,
// nothing may be changed. It is safe for concurrent use, and several programs
// may share its file.
type Journal struct {
	path  string
	now   func() time.Time
	db    *database
	cause error // why it is out of use from the start

	compiled map[string]*sql.Stmt
	crowd    bool // the last records came together; the writer's own

	records chan record
	quit    chan struct{}
	done    chan struct{}
	closing sync.Once

	mu     sync.Mutex
	leases map[string]*lease // of the runs that this program carries out
}

// JournalOptions say where a journal is kept. Now is required.
type JournalOptions struct {
	Path string
	Now  func() time.Time
}

// OpenJournal never fails: what is asked of a journal that cannot be used is
// answered with an error of kind Unrecorded, and so is Usable.
func OpenJournal(ctx context.Context, o JournalOptions) *Journal {
	j := &Journal{
		path: o.Path, now: o.Now, leases: map[string]*lease{},
		records: make(chan record), quit: make(chan struct{}), done: make(chan struct{}),
	}
	if j.db, j.cause = openJournalFile(ctx, o.Path); j.cause == nil {
		j.compiled, j.cause = compile(ctx, j.db.write)
	}
	go j.write(context.WithoutCancel(ctx))
	return j
}

func openJournalFile(ctx context.Context, path string) (*database, error) {
	if path == "" {
		return nil, errNoPath
	}
	identity, err := create(path)
	if err != nil {
		return nil, err
	}
	db := &database{onDisk: true, identity: identity}
	if db.write, err = connect(path, syncFull, "immediate"); err != nil {
		return nil, err
	}
	db.write.SetMaxOpenConns(1)
	if db.read, err = connect(path, syncFull, ""); err != nil {
		db.close()
		return nil, err
	}
	db.read.SetMaxOpenConns(2)
	if err := migrate(ctx, db.write, journalMigrations(), true); err != nil {
		db.close()
		return nil, err
	}
	return db, nil
}

// Path is where the journal is kept.
func (j *Journal) Path() string { return j.path }

// Usable is nil if changes can be written down, else an error of kind
// Unrecorded that says why not.
func (j *Journal) Usable(ctx context.Context) error {
	return j.record(ctx, func(ctx context.Context, s scribe) error {
		_, err := s.exec(ctx, `UPDATE total SET checked = checked + 1`)
		return err
	})
}

// Close ends the journal, and with it the hold on the runs under way: they are
// interrupted then.
func (j *Journal) Close() error {
	j.closing.Do(func() { close(j.quit) })
	<-j.done
	j.mu.Lock()
	defer j.mu.Unlock()
	for id, l := range j.leases {
		l.release(false)
		delete(j.leases, id)
	}
	return nil
}

// unrecorded is err as an error that says what it means for the user.
func (j *Journal) unrecorded(err error) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*fault.Error](err); ok {
		return known
	}
	f := &fault.Error{Op: "write to the journal", Object: j.path, Kind: fault.Unrecorded, Err: err}
	switch {
	case errors.Is(err, context.Canceled):
		f.Kind = fault.Cancelled
	case errors.Is(err, errNoPath):
		f.Detail = "no path is set for it"
	case damaged(err):
		f.Detail = "it is damaged, and left as it is because it holds what undo needs: repair it, or move it away"
	case busy(err):
		f.Detail = "another program holds it locked"
	default:
		f.Detail = err.Error()
	}
	return f
}

func newRunID() string {
	const length = 8
	return strings.ToLower(rand.Text()[:length])
}
