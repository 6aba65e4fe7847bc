package store

// journalMigrations are to the journal what migrations are to the cache.
func journalMigrations() []string {
	return []string{`
CREATE TABLE run (
	seq     INTEGER PRIMARY KEY AUTOINCREMENT,
	id      TEXT NOT NULL UNIQUE,
	title   TEXT NOT NULL,
	plan    BLOB NOT NULL,
	started INTEGER NOT NULL,
	ended   INTEGER NOT NULL,
	state   TEXT NOT NULL,
	undo_of TEXT NOT NULL
);
CREATE INDEX run_undo ON run (undo_of);

CREATE TABLE step (
	run     TEXT NOT NULL,
	idx     INTEGER NOT NULL,
	outcome TEXT NOT NULL,
	error   TEXT NOT NULL,
	began   INTEGER NOT NULL,
	ended   INTEGER NOT NULL,
	PRIMARY KEY (run, idx)
) WITHOUT ROWID;

CREATE TABLE manifest (
	digest TEXT PRIMARY KEY,
	media  TEXT NOT NULL,
	raw    BLOB NOT NULL
);

CREATE TABLE saved (
	run    TEXT NOT NULL,
	idx    INTEGER NOT NULL,
	digest TEXT NOT NULL,
	PRIMARY KEY (run, idx, digest)
) WITHOUT ROWID;

CREATE TABLE total (checked INTEGER NOT NULL);
INSERT INTO total VALUES (0);
`, `
ALTER TABLE run ADD COLUMN who TEXT NOT NULL DEFAULT '';

CREATE TABLE remark (
	seq   INTEGER PRIMARY KEY AUTOINCREMENT,
	run   TEXT NOT NULL,
	about TEXT NOT NULL,
	level TEXT NOT NULL,
	text  TEXT NOT NULL,
	at    INTEGER NOT NULL
);
CREATE INDEX remark_run ON remark (run, seq);
`, `
CREATE TABLE tags_before (
	run        TEXT NOT NULL,
	repository TEXT NOT NULL,
	tags       BLOB NOT NULL,
	PRIMARY KEY (run, repository)
) WITHOUT ROWID;
`}
}
