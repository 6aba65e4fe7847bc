package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
)

// lease is the hold on a run: a lock on a file beside the journal, which the
// operating system takes away from a program that ends in whatever way.
type lease struct {
	path string
	db   *sql.DB
	conn *sql.Conn
}

// errHeld says that another program, or another part of this one, holds it.
var errHeld = errors.New("it is held")

func (j *Journal) leasePath(run string) string { return j.path + ".run-" + run }

// takeLease locks the file, which SQLite knows how to do on every system.
func takeLease(ctx context.Context, path string) (*lease, error) {
	if _, err := create(path); err != nil {
		return nil, err
	}
	address, err := addressOf(path)
	if err != nil {
		return nil, err
	}
	l := &lease{path: path}
	if l.db, err = sql.Open("sqlite", address); err != nil { // without patience: held is an answer
		return nil, err
	}
	if l.conn, err = l.db.Conn(ctx); err == nil {
		_, err = l.conn.ExecContext(ctx, `BEGIN EXCLUSIVE`)
	}
	if err == nil {
		return l, nil
	}
	l.release(false)
	if busy(err) {
		return nil, errHeld
	}
	return nil, fmt.Errorf("lock %s: %w", path, err)
}

// release gives the lock up. Over says that nobody will want it again.
func (l *lease) release(over bool) {
	if over {
		_ = os.Remove(l.path) // a file that stays is found unlocked
	}
	if l.conn != nil {
		_ = l.conn.Close()
	}
	_ = l.db.Close() // ends the transaction, in which nothing was written
}

// held tells who carries out a run that has not ended.
func (j *Journal) held(ctx context.Context, run string) (here, elsewhere bool) {
	j.mu.Lock()
	_, here = j.leases[run]
	j.mu.Unlock()
	path := j.leasePath(run)
	if here || !exists(path) {
		return here, false
	}
	l, err := takeLease(ctx, path)
	if err != nil {
		return false, errors.Is(err, errHeld)
	}
	l.release(false)
	return false, false
}
