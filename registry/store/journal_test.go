package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
)

func openJournal(t *testing.T, path string) *Journal {
	t.Helper()
	j := OpenJournal(t.Context(), JournalOptions{Path: path, Now: newTicker().now})
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantFault(t *testing.T, err error, k fault.Kind) {
	t.Helper()
	if !fault.Is(err, k) {
		t.Errorf("error %v, want kind %v", err, k)
	}
}

// untags is a plan of n steps.
func untags(n int) plan.Plan {
	p := plan.Plan{Registry: host, Repository: repo, CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	for i := range n {
		tag := fmt.Sprint("v", i)
		p.Steps = append(p.Steps, plan.Step{
			Kind: plan.Untag, Reference: ref.Reference{Host: host, Repository: repo, Tag: tag}, Digest: digest(i),
			Expect: plan.Expect{Tag: tag, Digest: digest(i)},
		})
	}
	return p
}

func manifestOf(t *testing.T, text string) image.Manifest {
	t.Helper()
	m, err := image.ParseManifest(image.MediaTypeOCIManifest, []byte(text))
	ok(t, err)
	return m
}

func TestJournalKeepsARun(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.db")
	j := openJournal(t, path)
	ctx := t.Context()
	ok(t, j.Usable(ctx))
	id, err := j.Begin(ctx, journal.Run{
		Title: "remove 2 tags", Plan: untags(2), UndoOf: "other", Who: "me@here",
		Remarks: []journal.Remark{{About: journal.Why, Text: "it fails"}},
	})
	ok(t, err)
	m := manifestOf(t, `{"schemaVersion":2, "config":{}}`)
	ok(t, j.Intend(ctx, id, 0, []image.Manifest{m}))
	r, err := j.Run(ctx, id[:5])
	ok(t, err)
	if r.State != journal.Running || r.Steps[0].Outcome != plan.Running || !r.Ended.IsZero() {
		t.Errorf("under way: %+v", r)
	}
	ok(t, j.Settle(ctx, id, 0, plan.Done, ""))
	ok(t, j.Settle(ctx, id, 1, plan.Skipped, "the tag moved"))
	ok(t, j.End(ctx, id, journal.Partly))
	ok(t, j.Remark(ctx, id, journal.Remark{About: journal.Verified, Level: "ok", Text: "it is there"}))
	ok(t, j.Close())
	j = openJournal(t, path)
	runs, err := j.Runs(ctx, 10)
	ok(t, err)
	if len(runs) != 1 || runs[0].State != journal.Partly || runs[0].UndoOf != "other" || runs[0].Ended.IsZero() {
		t.Fatalf("runs %+v", runs)
	}
	if diff := cmp.Diff(untags(2), runs[0].Plan, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if said := runs[0].About(journal.Verified); runs[0].Who != "me@here" || len(runs[0].Remarks) != 2 ||
		len(said) != 1 || said[0].Text != "it is there" || said[0].Level != "ok" || said[0].At.IsZero() {
		t.Errorf("by %q: %+v", runs[0].Who, runs[0].Remarks)
	}
	result := runs[0].Result()
	if result.Done != 1 || result.Skipped != 1 || result.Steps[1].Error != "the tag moved" {
		t.Errorf("result %+v", result)
	}
	saved, err := j.Saved(ctx, runs[0].Steps[0].Saved[0])
	if err != nil || string(saved.Raw) != string(m.Raw) || saved.MediaType != m.MediaType {
		t.Errorf("saved %+v, %v", saved, err)
	}
	if names, _ := filepath.Glob(path + ".run-*"); len(names) > 0 {
		t.Errorf("left behind: %v", names)
	}
	wantFault(t, j.Settle(ctx, "nobody", 0, plan.Done, ""), fault.Unrecorded)
	_, err = j.Run(ctx, "nobody")
	wantFault(t, err, fault.NotFound)
}

// A journal of a version before is carried on.
func TestJournalOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.db")
	_, err := create(path)
	ok(t, err)
	db, err := connect(path, syncFull, "immediate")
	ok(t, err)
	ok(t, migrate(t.Context(), db, journalMigrations()[:1], true))
	raw, err := plan.Encode(untags(1))
	ok(t, err)
	_, err = db.ExecContext(t.Context(), `INSERT INTO run (id, title, plan, started, ended, state, undo_of)
		VALUES ('earlier', 'it was', ?, 1, 2, 'done', '')`, raw)
	ok(t, err)
	ok(t, db.Close())
	j := openJournal(t, path)
	ok(t, j.Remark(t.Context(), "earlier", journal.Remark{About: journal.Why, Text: "asked for"}))
	r, err := j.Run(t.Context(), "earlier")
	ok(t, err)
	if r.Title != "it was" || r.Who != "" || len(r.Remarks) != 1 {
		t.Errorf("%+v", r)
	}
}

func TestARunBelongsToOneProgram(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.db")
	a, b := openJournal(t, path), openJournal(t, path)
	ctx := t.Context()
	id, err := a.Begin(ctx, journal.Run{Plan: untags(1)})
	ok(t, err)
	r, err := b.Run(ctx, id)
	if err != nil || r.State != journal.Elsewhere {
		t.Errorf("%v, %v", r.State, err)
	}
	_, err = b.Claim(ctx, id)
	wantFault(t, err, fault.Drift)
	ok(t, a.Close())
	r, err = b.Run(ctx, id)
	if err != nil || r.State != journal.Interrupted {
		t.Errorf("%v, %v", r.State, err)
	}
	r, err = b.Claim(ctx, id)
	if err != nil || r.State != journal.Running {
		t.Errorf("%v, %v", r.State, err)
	}
	ok(t, b.End(ctx, id, journal.Failed))
}

func TestManyStepsShareTheDisk(t *testing.T) {
	t.Parallel()
	j := openJournal(t, filepath.Join(t.TempDir(), "journal.db"))
	const steps = 300
	id, err := j.Begin(t.Context(), journal.Run{Plan: untags(steps)})
	ok(t, err)
	var wg sync.WaitGroup
	for i := range steps {
		wg.Go(func() {
			if err := j.Intend(t.Context(), id, i, nil); err != nil {
				t.Error(err)
			}
			if err := j.Settle(t.Context(), id, i, plan.Done, ""); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	r, err := j.Run(t.Context(), id)
	if result := r.Result(); err != nil || result.Done != steps {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestAJournalThatCannotBeWrittenRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	ok(t, os.WriteFile(file, []byte("this is not a database, but it is somebody's"), 0o600))
	for name, path := range map[string]string{"none": "", "below a file": filepath.Join(file, "journal.db"), "damaged": file} {
		j := openJournal(t, path)
		wantFault(t, j.Usable(t.Context()), fault.Unrecorded)
		_, err := j.Begin(t.Context(), journal.Run{Plan: untags(1)})
		wantFault(t, err, fault.Unrecorded)
		_, err = j.Runs(t.Context(), 1)
		wantFault(t, err, fault.Unrecorded)
		t.Log(name, err)
	}
	if raw, _ := os.ReadFile(file); !strings.HasPrefix(string(raw), "this is not a database") {
		t.Error("the damaged file was changed")
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("there are %v", files)
	}
}

func TestAFullDiskStartsNoStep(t *testing.T) {
	t.Parallel()
	j := openJournal(t, filepath.Join(t.TempDir(), "journal.db"))
	id, err := j.Begin(t.Context(), journal.Run{Plan: untags(2)})
	ok(t, err)
	_, err = j.db.write.ExecContext(t.Context(), `PRAGMA max_page_count = 1`)
	ok(t, err)
	big := manifestOf(t, `{"schemaVersion":2,"config":{},"x":"`+strings.Repeat("x", 1<<20)+`"}`)
	wantFault(t, j.Intend(t.Context(), id, 0, []image.Manifest{big}), fault.Unrecorded)
	_, err = j.db.write.ExecContext(t.Context(), `PRAGMA max_page_count = 1000000`)
	ok(t, err)
	r, err := j.Run(t.Context(), id)
	if err != nil || r.Steps[0].Outcome != plan.Pending || len(r.Steps[0].Saved) > 0 {
		t.Errorf("%+v, %v", r.Steps, err)
	}
	ok(t, j.Intend(t.Context(), id, 0, []image.Manifest{big}))
}

const journalChild = "REGATTA_JOURNAL_TEST_PATH"

// TestJournalChild is the program that is killed.
func TestJournalChild(t *testing.T) {
	path := os.Getenv(journalChild)
	if path == "" {
		t.Skip("it runs as a process of its own")
	}
	j := OpenJournal(t.Context(), JournalOptions{Path: path, Now: newTicker().now})
	id, err := j.Begin(t.Context(), journal.Run{Plan: untags(1000)})
	ok(t, err)
	for i := range 1000 {
		ok(t, j.Intend(t.Context(), id, i, []image.Manifest{manifestOf(t, fmt.Sprintf(`{"schemaVersion":2,"n":%d}`, i))}))
		_, _ = fmt.Fprintln(os.Stdout, "intent", id, i)
		ok(t, j.Settle(t.Context(), id, i, plan.Done, ""))
	}
	<-t.Context().Done() // until killed
}

func TestKilledInTheMiddleOfARun(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal.db")
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0], "-test.run=^TestJournalChild$")
	cmd.Env = append(os.Environ(), journalChild+"="+path)
	out, err := cmd.StdoutPipe()
	ok(t, err)
	ok(t, cmd.Start())
	var id string
	last := 0
	for lines := bufio.NewScanner(out); last < 20 && lines.Scan(); {
		_, _ = fmt.Sscanf(lines.Text(), "intent %s %d", &id, &last)
	}
	j := openJournal(t, path)
	if r, err := j.Run(t.Context(), id); err != nil || r.State != journal.Elsewhere {
		t.Errorf("while it runs: %v, %v", r.State, err)
	}
	ok(t, cmd.Process.Kill())
	_ = cmd.Wait()
	r, err := j.Claim(t.Context(), id)
	ok(t, err)
	for i, s := range r.Steps[:last+1] {
		if len(s.Saved) != 1 || s.Outcome != plan.Done && (i < last || s.Outcome != plan.Running) {
			t.Errorf("step %d: %+v", i, s)
		}
	}
}
