package store

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
)

// What is written down is on the disk before anything is done: the connection that
// writes waits for it.
func TestTheJournalWaitsForTheDisk(t *testing.T) {
	t.Parallel()
	j := openJournal(t, filepath.Join(t.TempDir(), "journal.db"))
	var level int
	const full = 2 // SQLite, PRAGMA synchronous
	if err := j.db.write.QueryRowContext(t.Context(), `PRAGMA synchronous`).Scan(&level); err != nil || level < full {
		t.Errorf("synchronous is %d, %v", level, err)
	}
}

// The files are the user's alone.
func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	j := openJournal(t, filepath.Join(dir, "journal.db"))
	_, err := j.Begin(t.Context(), journal.Run{Plan: untags(1)})
	ok(t, err)
	files, err := os.ReadDir(dir)
	ok(t, err)
	for _, f := range files {
		info, err := f.Info()
		ok(t, err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", f.Name(), info.Mode())
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the directory: %v, %v", info.Mode(), err)
	}
	if len(files) < 2 {
		t.Errorf("only %v", files)
	}
}

// A name that begins more than one run's names none.
func TestAPrefixOfTwoRuns(t *testing.T) {
	t.Parallel()
	j := openJournal(t, filepath.Join(t.TempDir(), "journal.db"))
	for _, id := range []string{"abcd1", "abcd2"} {
		raw, err := plan.Encode(untags(1))
		ok(t, err)
		_, err = j.db.write.ExecContext(t.Context(), `INSERT INTO run (id, title, plan, started, ended, state, undo_of, who)
			VALUES (?, '', ?, 1, 2, 'done', '', '')`, id, raw)
		ok(t, err)
	}
	_, err := j.Run(t.Context(), "abcd")
	wantFault(t, err, fault.Invalid)
	if r, err := j.Run(t.Context(), "abcd1"); err != nil || r.ID != "abcd1" {
		t.Errorf("%s, %v", r.ID, err)
	}
}

// A saved manifest that is not what its digest says is not given out.
func TestAnAlteredManifest(t *testing.T) {
	t.Parallel()
	j := openJournal(t, filepath.Join(t.TempDir(), "journal.db"))
	id, err := j.Begin(t.Context(), journal.Run{Plan: untags(1)})
	ok(t, err)
	m := manifestOf(t, `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json"}`)
	ok(t, j.Intend(t.Context(), id, 0, []image.Manifest{m}))
	if _, err := j.Saved(t.Context(), m.Digest); err != nil {
		t.Fatal(err)
	}
	_, err = j.db.write.ExecContext(t.Context(), `UPDATE manifest SET raw = replace(raw, '2', '3')`)
	ok(t, err)
	if _, err := j.Saved(t.Context(), m.Digest); err == nil {
		t.Error("it was taken")
	}
}

// Records that are written together fail alone.
func TestOneBadRecordAmongMany(t *testing.T) {
	t.Parallel()
	j := openJournal(t, filepath.Join(t.TempDir(), "journal.db"))
	const steps = 200
	id, err := j.Begin(t.Context(), journal.Run{Plan: untags(steps)})
	ok(t, err)
	var wg sync.WaitGroup
	for i := range steps + 1 {
		wg.Go(func() {
			err := j.Settle(t.Context(), id, i, plan.Done, "")
			if (err != nil) != (i == steps) {
				t.Errorf("step %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	r, err := j.Run(t.Context(), id)
	if result := r.Result(); err != nil || result.Done != steps {
		t.Errorf("%d done, %v", result.Done, err)
	}
}

// A claim that could not be written down holds nothing.
func TestAClaimThatFails(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.db")
	a, b := openJournal(t, path), openJournal(t, path)
	id, err := a.Begin(t.Context(), journal.Run{Plan: untags(1)})
	ok(t, err)
	ok(t, a.End(t.Context(), id, journal.Partly))
	_, err = b.db.write.ExecContext(t.Context(),
		`CREATE TRIGGER no BEFORE UPDATE ON run BEGIN SELECT RAISE(ABORT, 'no'); END`)
	ok(t, err)
	_, err = a.Claim(t.Context(), id)
	if err == nil || !strings.Contains(err.Error(), "no") {
		t.Fatalf("%v", err)
	}
	_, err = b.db.write.ExecContext(t.Context(), `DROP TRIGGER no`)
	ok(t, err)
	for _, j := range []*Journal{b, a} {
		_, err = j.Claim(t.Context(), id)
		ok(t, err)
		ok(t, j.End(t.Context(), id, journal.Done))
	}
}
