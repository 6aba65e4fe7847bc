package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// openFile opens the file at path. One that is damaged is moved aside, once,
// and a new one is started; note then says so.
func openFile(
	ctx context.Context, path string, limit int64, now func() time.Time,
) (db *database, note string, err error) {
	if path == "" {
		return nil, "", errNoPath
	}
	db, err = openDisk(ctx, path, limit)
	if err == nil || !damaged(err) {
		return db, "", err
	}
	moved, moveErr := moveAside(path, db.identity, now())
	if moveErr != nil {
		return nil, "", errors.Join(err, moveErr)
	}
	if db, err = openDisk(ctx, path, limit); err != nil {
		return nil, "", err
	}
	return db, "the cache was damaged and started anew" + movedText(moved, nil), nil
}

// errNoPath says that the caller wants no file.
var errNoPath = errors.New("no path is set")

// moveAside renames a damaged database and what belongs to it. It leaves the
// file alone where another program has already put a new one in its place.
func moveAside(path string, opened os.FileInfo, now time.Time) (string, error) {
	current, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "", nil
	case err != nil:
		return "", err
	case !os.SameFile(opened, current):
		return "", nil
	}
	aside := path + ".damaged-" + now.UTC().Format("20060102T150405Z")
	for n := 2; exists(aside); n++ {
		aside = fmt.Sprintf("%s.damaged-%s-%d", path, now.UTC().Format("20060102T150405Z"), n)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		err := os.Rename(path+suffix, aside+suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	return aside, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func movedText(aside string, err error) string {
	switch {
	case err != nil:
		return fmt.Sprintf("; it could not be moved aside: %v", err)
	case aside == "":
		return ""
	}
	return "; the old file is " + aside
}

// damaged tells a broken file from one that is merely out of reach.
func damaged(err error) bool {
	code := codeOf(err)
	return code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB
}

// busy tells that another program holds the file.
func busy(err error) bool {
	code := codeOf(err)
	return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED
}

// fatal tells that trying again in this session is of no use.
func fatal(err error) bool {
	switch codeOf(err) {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH,
		sqlite3.SQLITE_ERROR, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_SCHEMA, sqlite3.SQLITE_NOLFS:
		return true
	}
	return false
}

func codeOf(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff // the rest refines the primary code
	}
	return sqlite3.SQLITE_OK
}

// explain is the sentence for a file that is not in use.
func explain(path string, err error) string {
	switch {
	case errors.Is(err, errNoPath):
		return "nothing is kept on disk: no path is set"
	case damaged(err):
		return fmt.Sprintf("the cache %s is damaged", path)
	case busy(err):
		return fmt.Sprintf("the cache %s is not used: another program holds it locked", path)
	}
	return fmt.Sprintf("the cache %s is not used: %v", path, err)
}
