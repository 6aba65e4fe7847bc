package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	// The driver is SQLite translated to Go: one static binary on every platform.
	_ "modernc.org/sqlite"
)

// How hard a connection tries to survive a loss of power. Cached content may
// be fetched again, so its writes do not wait for the disk; the journal's do.
const (
	syncOff    = "OFF"
	syncNormal = "NORMAL"
	syncFull   = "FULL"
)

const busyMillis = 2000

// database is an open SQLite database. One connection writes, as SQLite has
// one writer anyway; reads go beside it.
type database struct {
	read, write *sql.DB
	get         *sql.Stmt
	limit       int64
	onDisk      bool
	identity    os.FileInfo // of the file that was opened
}

func openMemory(ctx context.Context, limit int64) (*database, error) {
	conn, err := connect(Memory, syncOff, "")
	if err != nil {
		return nil, err
	}
	conn.SetMaxOpenConns(1) // a second connection would be a second, empty database
	db := &database{read: conn, write: conn, limit: limit}
	if err := db.prepare(ctx); err != nil {
		db.close()
		return nil, err
	}
	return db, nil
}

func openDisk(ctx context.Context, path string, limit int64) (*database, error) {
	identity, err := create(path)
	if err != nil {
		return nil, err
	}
	db := &database{limit: limit, onDisk: true, identity: identity}
	if db.write, err = connect(path, syncNormal, "immediate"); err != nil {
		return nil, err
	}
	db.write.SetMaxOpenConns(1)
	if db.read, err = connect(path, syncNormal, ""); err != nil {
		db.close()
		return nil, err
	}
	db.read.SetMaxOpenConns(2)
	if err := db.prepare(ctx); err != nil {
		db.close()
		return db, err
	}
	return db, nil
}

// create makes the file before SQLite does, so that it is the user's alone.
func create(path string) (os.FileInfo, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Clean(path), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err := f.Close(); err != nil {
		return nil, err
	}
	return info, err
}

func connect(path, sync, lock string) (*sql.DB, error) {
	name := path
	if path != Memory {
		var err error
		if name, err = addressOf(path); err != nil {
			return nil, err
		}
	}
	q := url.Values{"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", busyMillis), "synchronous(" + sync + ")",
		"journal_size_limit(16777216)", "trusted_schema(0)",
	}}
	if lock != "" {
		q.Set("_txlock", lock)
	}
	return sql.Open("sqlite", name+"?"+q.Encode())
}

// addressOf is how SQLite is told of a file.
func addressOf(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	slashed := "/" + strings.TrimPrefix(filepath.ToSlash(abs), "/") // file:///C:/... where there are drives
	return (&url.URL{Scheme: "file", Path: slashed}).String(), nil
}

func (db *database) prepare(ctx context.Context) error {
	if err := migrate(ctx, db.write, migrations(), db.onDisk); err != nil {
		return err
	}
	var err error
	db.get, err = db.read.PrepareContext(ctx, `SELECT media, raw FROM content WHERE digest = ?`)
	return err
}

// within is the context that a call to db runs under. A cancelled call may cost
// its connection, and memory lives in its only one.
func (db *database) within(ctx context.Context) context.Context {
	if db.onDisk {
		return ctx
	}
	return context.WithoutCancel(ctx)
}

func (db *database) close() {
	for _, c := range []*sql.DB{db.read, db.write} {
		if c != nil {
			_ = c.Close() // everything that matters is committed by now
		}
	}
}

func rollback(tx *sql.Tx) { _ = tx.Rollback() } // after a commit it is a no-op
