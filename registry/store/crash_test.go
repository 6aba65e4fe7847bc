package store

import (
	"database/sql"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"regatta/model/ref"
)

// filled is a closed store's file with content and sightings in it.
func filled(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cache.db")
	s := Open(Options{Path: path, Now: newTicker().now})
	for i := range 300 {
		d, raw := blob(i, 4000)
		s.PutContent(d, "m", raw)
		s.See(host, repo, "v1", d)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// wantUsable proves that a session goes on whatever the file is like.
func wantUsable(t *testing.T, s *Store) {
	t.Helper()
	if !usable(t, s) {
		t.Fatalf("what was learnt just now is not known: %+v", s.Status())
	}
}

func usable(t *testing.T, s *Store) bool {
	t.Helper()
	d, raw := blob(999_999, 100)
	s.PutContent(d, "m", raw)
	s.See(host, "fresh", "v1", d)
	flush(t, s)
	forget(s)
	_, _, ok := s.Content(t.Context(), d)
	got, err := s.History(t.Context(), host, "fresh", "v1")
	if err != nil {
		t.Fatal(err)
	}
	return ok && len(got) == 1
}

func asides(t *testing.T, path string) []string {
	t.Helper()
	found, err := filepath.Glob(path + ".damaged-*")
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func write(t *testing.T, path string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func truncateTo(size int64) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		t.Helper()
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenNeverFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		spoil   func(t *testing.T, path string)
		working bool
		moved   bool
		reason  string
	}{
		"untouched":   {spoil: func(*testing.T, string) {}, working: true},
		"zero length": {spoil: truncateTo(0), working: true},
		"truncated": {
			spoil: truncateTo(10_000), working: true, moved: true, reason: "started anew",
		},
		"not a database": {
			spoil: func(t *testing.T, p string) {
				t.Helper()
				write(t, p, []byte(strings.Repeat("not a database ", 1000)))
			},
			working: true, moved: true, reason: "started anew",
		},
		"first page flipped": {spoil: func(t *testing.T, p string) {
			t.Helper()
			raw, err := os.ReadFile(p)
			if err != nil {
				t.Fatal(err)
			}
			for i := 100; i < 4096; i++ {
				raw[i] ^= 0xff
			}
			write(t, p, raw)
		}, working: true, moved: true, reason: "started anew"},
		"a directory": {spoil: func(t *testing.T, p string) {
			t.Helper()
			if err := os.Remove(p); err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(filepath.Join(p, "inside"), 0o700); err != nil {
				t.Fatal(err)
			}
		}, reason: "directory"},
		"a newer schema":    {spoil: execute(`PRAGMA user_version = 99`), reason: "newer version"},
		"another program's": {spoil: execute(`PRAGMA user_version = 0`), reason: "another program's"},
		"a missing table":   {spoil: execute(`DROP TABLE content`), reason: "no such table"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filled(t)
			tt.spoil(t, path)
			s := open(t, Options{Path: path})
			wantUsable(t, s)
			st := s.Status()
			if st.Working != tt.working || !strings.Contains(st.Reason, tt.reason) || st.Reason == "" != (tt.reason == "") {
				t.Fatalf("status %+v", st)
			}
			if moved := asides(t, path); len(moved) > 0 != tt.moved {
				t.Fatalf("moved aside: %v", moved)
			}
		})
	}
}

func execute(query string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		t.Helper()
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		if _, err := db.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNewerFileIsLeftAlone(t *testing.T) {
	t.Parallel()
	path := filled(t)
	execute(`PRAGMA user_version = 99`)(t, path)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Path: path})
	wantUsable(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Fatal("the newer file was written to", err)
	}
}

func TestUnwritableDirectory(t *testing.T) {
	t.Parallel()
	if os.Getuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("the permissions of a directory do not bind this user")
	}
	dir := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Path: filepath.Join(dir, "cache.db")})
	wantUsable(t, s)
	if st := s.Status(); st.Working || !strings.Contains(st.Reason, "permission denied") {
		t.Fatalf("status %+v", st)
	}
}

func TestPathThatCannotBe(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, nil)
	for _, path := range []string{"", filepath.Join(file, "cache.db"), "bad\x00name"} {
		s := open(t, Options{Path: path})
		wantUsable(t, s)
		if st := s.Status(); st.Working || st.Reason == "" {
			t.Fatalf("status %+v", st)
		}
		if err := s.SetPin(host, repo, true); err == nil {
			t.Fatal("a pin that is not kept is no success")
		}
		if pins, err := s.Pins(t.Context(), host); err != nil || len(pins) != 1 {
			t.Fatal(pins, err)
		}
	}
}

// Damage anywhere costs at most the cache: every byte of content that comes
// back is right, and once damage is found the session goes on without the file.
func TestFlippedBytesAnywhere(t *testing.T) {
	t.Parallel()
	whole, err := os.ReadFile(filled(t))
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(whole); at += len(whole)/60 | 1 {
		path := filepath.Join(t.TempDir(), "cache.db")
		raw := []byte(string(whole))
		for i := at; i < min(at+64, len(raw)); i++ {
			raw[i] ^= 0xff
		}
		write(t, path, raw)
		s := open(t, Options{Path: path})
		for i := range 300 {
			d, want := blob(i, 4000)
			if _, got, ok := s.Content(t.Context(), d); ok && ref.DigestOf(got) != ref.DigestOf(want) {
				t.Fatalf("wrong content after flipping at %d", at)
			}
		}
		if _, err := s.Tags(t.Context(), host, repo); err != nil {
			t.Fatalf("tags after flipping at %d: %v", at, err)
		}
		before := s.Status().Working
		if !usable(t, s) && (before == s.Status().Working || !usable(t, s)) {
			t.Fatalf("not usable after flipping at %d: %+v", at, s.Status())
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDamageInTheMiddleOfASession(t *testing.T) {
	t.Parallel()
	path := filled(t)
	s := open(t, Options{Path: path})
	wantUsable(t, s)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, _ := f.Stat()
	junk := []byte(strings.Repeat("junk", 1024))
	for at := int64(4096); at < info.Size(); at += 4096 {
		if _, err := f.WriteAt(junk, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		d, _ := blob(i, 4000)
		wantMiss(t, s, d)
	}
	if st := s.Status(); st.Working || !strings.Contains(st.Reason, "damaged") {
		t.Fatalf("status %+v", st)
	}
	wantUsable(t, s)
	if moved := asides(t, path); len(moved) == 0 {
		t.Fatal("the damaged file is still in place")
	}
	next := open(t, Options{Path: path})
	wantUsable(t, next)
	if st := next.Status(); !st.Working {
		t.Fatalf("status of the next session %+v", st)
	}
}

func TestLockedFile(t *testing.T) {
	t.Parallel()
	path := filled(t)
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=locking_mode(EXCLUSIVE)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), `UPDATE total SET items = items`); err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Path: path})
	wantUsable(t, s)
	if st := s.Status(); st.Working || !strings.Contains(st.Reason, "locked") {
		t.Fatalf("status %+v", st)
	}
	if len(asides(t, path)) > 0 {
		t.Fatal("a locked file was moved")
	}
}
