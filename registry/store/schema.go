package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// migrations lead from one schema version to the next; PRAGMA user_version
// counts how many a file has had. One that was released is never changed.
func migrations() []string {
	return []string{`
CREATE TABLE content (
	id     INTEGER PRIMARY KEY,
	digest TEXT NOT NULL UNIQUE,
	media  TEXT NOT NULL,
	size   INTEGER NOT NULL,
	used   INTEGER NOT NULL,
	raw    BLOB NOT NULL
);
CREATE INDEX content_used ON content (used, size);

CREATE TABLE sighting (
	id         INTEGER PRIMARY KEY,
	host       TEXT NOT NULL,
	repository TEXT NOT NULL,
	tag        TEXT NOT NULL,
	digest     TEXT NOT NULL,
	first      INTEGER NOT NULL,
	last       INTEGER NOT NULL
);
CREATE INDEX sighting_tag ON sighting (host, repository, tag, id);

CREATE TABLE pin (
	host       TEXT NOT NULL,
	repository TEXT NOT NULL,
	PRIMARY KEY (host, repository)
) WITHOUT ROWID;

CREATE TABLE total (items INTEGER NOT NULL, bytes INTEGER NOT NULL, sightings INTEGER NOT NULL);
INSERT INTO total VALUES (0, 0, 0);
CREATE TRIGGER content_added AFTER INSERT ON content BEGIN
	UPDATE total SET items = items + 1, bytes = bytes + new.size;
END;
CREATE TRIGGER content_removed AFTER DELETE ON content BEGIN
	UPDATE total SET items = items - 1, bytes = bytes - old.size;
END;
CREATE TRIGGER sighting_added AFTER INSERT ON sighting BEGIN
	UPDATE total SET sightings = sightings + 1;
END;
CREATE TRIGGER sighting_removed AFTER DELETE ON sighting BEGIN
	UPDATE total SET sightings = sightings - 1;
END;
`, `
CREATE TABLE refusal (
	host       TEXT NOT NULL,
	repository TEXT NOT NULL,
	kind       TEXT NOT NULL,
	status     INTEGER NOT NULL,
	at         INTEGER NOT NULL,
	PRIMARY KEY (host, repository, kind)
) WITHOUT ROWID;
`}
}

// errForeign says that the file is a database, but of another program.
var errForeign = errors.New("it is another program's database")

// newerError says that a later version of this program wrote the file.
type newerError struct{ have, know int }

func (e *newerError) Error() string {
	return fmt.Sprintf("a newer version of this program wrote it (schema %d, this one knows up to %d)", e.have, e.know)
}

// migrate brings db to the newest schema. Nothing is written to a file that is
// not this program's or too new for it.
func migrate(ctx context.Context, db *sql.DB, steps []string, onDisk bool) error {
	version, err := checkVersion(ctx, db, len(steps))
	if err != nil {
		return err
	}
	if onDisk {
		if err := useWAL(ctx, db); err != nil {
			return err
		}
	}
	if version == len(steps) {
		return nil
	}
	return upgrade(ctx, db, steps)
}

// useWAL lets readers and the writer of several programs work side by side. Two
// that switch a new file at once find it busy without the usual patience.
func useWAL(ctx context.Context, db *sql.DB) error {
	const tries, pause = 20, 25 * time.Millisecond
	wait := time.NewTicker(pause)
	defer wait.Stop()
	for n := 1; ; n++ {
		var mode string
		err := db.QueryRowContext(ctx, `PRAGMA journal_mode = WAL`).Scan(&mode)
		if n == tries || !busy(err) {
			return err
		}
		<-wait.C
	}
}

// querier is what sql.DB and sql.Tx share.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func checkVersion(ctx context.Context, q querier, known int) (int, error) {
	var version, tables int
	// One statement sees one state of a file that another program is setting up.
	err := q.QueryRowContext(ctx,
		`SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version`).Scan(&version, &tables)
	if err != nil {
		return 0, err
	}
	switch {
	case version > known:
		return 0, &newerError{have: version, know: known}
	case version < 0 || version == 0 && tables > 0:
		return 0, errForeign
	}
	return version, nil
}

// upgrade looks at the version again under the write lock: another program may
// have been faster.
func upgrade(ctx context.Context, db *sql.DB, steps []string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer rollback(tx)
	version, err := checkVersion(ctx, tx, len(steps))
	if err != nil {
		return err
	}
	for _, step := range steps[version:] {
		if _, err := tx.ExecContext(ctx, step); err != nil {
			return fmt.Errorf("upgrade it to schema %d: %w", len(steps), err)
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", len(steps))); err != nil {
		return err
	}
	return tx.Commit()
}
