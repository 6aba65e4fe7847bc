package store

import (
	"bytes"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"regatta/model/image"
	"regatta/model/ref"
)

const (
	host = "registry.example:5000"
	repo = "shop/api"
)

// ticker is a clock that tests set.
type ticker struct {
	mu sync.Mutex
	t  time.Time
}

func newTicker() *ticker { return &ticker{t: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)} }

func (c *ticker) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *ticker) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// blob is content of n bytes that differs by seed.
func blob(seed, n int) (ref.Digest, []byte) {
	raw := bytes.Repeat(fmt.Appendf(nil, "%08d", seed), n/8+1)[:n]
	return ref.DigestOf(raw), raw
}

func digest(seed int) ref.Digest {
	d, _ := blob(seed, 16)
	return d
}

func open(t *testing.T, o Options) *Store {
	t.Helper()
	if o.Now == nil {
		o.Now = newTicker().now
	}
	s := Open(o)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// places are where a store can be kept: every test of its behaviour runs on a
// store in memory and on one in a file.
func places(t *testing.T) map[string]Options {
	t.Helper()
	return map[string]Options{
		"memory": {Path: Memory},
		"file":   {Path: filepath.Join(t.TempDir(), "a b%20?#", "cache.db")},
	}
}

func flush(t *testing.T, s *Store) {
	t.Helper()
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func wantContent(t *testing.T, s *Store, d ref.Digest, raw []byte) {
	t.Helper()
	media, got, ok := s.Content(t.Context(), d)
	if !ok || media != "m" || !bytes.Equal(got, raw) {
		t.Fatalf("Content(%s) = %q, %d bytes, %v; want %d bytes", d.Short(), media, len(got), ok, len(raw))
	}
}

func wantMiss(t *testing.T, s *Store, d ref.Digest) {
	t.Helper()
	if _, _, ok := s.Content(t.Context(), d); ok {
		t.Fatalf("Content(%s) is there, want a miss", d.Short())
	}
}

// forget makes the next reads come from the database.
func forget(s *Store) { s.front = newFront() }

func TestContent(t *testing.T) {
	t.Parallel()
	for name, o := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, o)
			d, raw := blob(1, 3000)
			wantMiss(t, s, d)
			s.PutContent(d, "m", raw)
			wantContent(t, s, d, raw)
			flush(t, s)
			forget(s)
			wantContent(t, s, d, raw)
			s.PutContent(digest(2), "m", raw)
			wantMiss(t, s, digest(2))
			big, huge := blob(3, maxItem+1)
			s.PutContent(big, "m", huge)
			wantMiss(t, s, big)
			flush(t, s)
			if st := s.Status(); !st.Working || st.Reason != "" || st.Items != 1 || st.Bytes != 3000 || st.Path != o.Path {
				t.Fatalf("status %+v", st)
			}
		})
	}
}

func TestContentOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	o := Options{Path: filepath.Join(t.TempDir(), "cache.db")}
	s := open(t, o)
	d, raw := blob(1, 100)
	s.PutContent(d, "m", raw)
	s.See(host, repo, "v1", d)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	wantMiss(t, s, d)
	s.PutContent(d, "m", raw)
	flush(t, s)
	if st := s.Status(); st.Working {
		t.Fatalf("a closed store is working: %+v", st)
	}
	again := open(t, o)
	wantContent(t, again, d, raw)
	if tags, err := again.Tags(t.Context(), host, repo); err != nil || len(tags) != 1 {
		t.Fatal(tags, err)
	}
}

func TestLeastRecentlyUsedGoesFirst(t *testing.T) {
	t.Parallel()
	for name, o := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.MaxBytes = 10_000
			s := open(t, o)
			digests := make([]ref.Digest, 0, 10)
			for i := range 10 {
				d, raw := blob(i, 1000)
				digests = append(digests, d)
				s.PutContent(d, "m", raw)
			}
			flush(t, s)
			forget(s)
			if _, _, ok := s.Content(t.Context(), digests[0]); !ok {
				t.Fatal("the first is gone too soon")
			}
			for i := range 4 {
				d, raw := blob(100+i, 1000)
				s.PutContent(d, "m", raw)
			}
			flush(t, s)
			forget(s)
			kept := map[bool][]int{}
			for i, d := range digests {
				_, _, ok := s.Content(t.Context(), d)
				kept[ok] = append(kept[ok], i)
			}
			if diff := cmp.Diff(map[bool][]int{true: {0, 5, 6, 7, 8, 9}, false: {1, 2, 3, 4}}, kept); diff != "" {
				t.Fatal(diff)
			}
			if st := s.Status(); st.Bytes != 10_000 || st.Items != 10 {
				t.Fatalf("status %+v", st)
			}
		})
	}
}

func TestContentThatDoesNotMatchIsDropped(t *testing.T) {
	t.Parallel()
	for name, o := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, o)
			d, raw := blob(1, 100)
			s.PutContent(d, "m", raw)
			flush(t, s)
			if _, err := s.db.write.Exec(`UPDATE content SET raw = x'00'`); err != nil {
				t.Fatal(err)
			}
			forget(s)
			wantMiss(t, s, d)
			flush(t, s)
			if st := s.Status(); st.Items != 0 || !st.Working {
				t.Fatalf("status %+v", st)
			}
			s.PutContent(d, "m", raw)
			flush(t, s)
			forget(s)
			wantContent(t, s, d, raw)
		})
	}
}

func TestBurstIsFewTransactions(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Path: filepath.Join(t.TempDir(), "cache.db")})
	var before, after int
	version := func(into *int) {
		if err := s.db.read.QueryRow(`PRAGMA data_version`).Scan(into); err != nil {
			t.Fatal(err)
		}
	}
	s.db.read.SetMaxOpenConns(1)
	version(&before)
	for i := range 2000 {
		d, raw := blob(i, 2000)
		s.PutContent(d, "m", raw)
	}
	flush(t, s)
	version(&after)
	if st := s.Status(); st.Items != 2000 {
		t.Fatalf("status %+v", st)
	}
	if after-before > 500 {
		t.Fatalf("%d transactions for 2,000 puts", after-before)
	}
}

func TestPins(t *testing.T) {
	t.Parallel()
	for name, o := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, o)
			for _, name := range []string{"b", "a", "a", "c"} {
				if err := s.SetPin(host, name, true); err != nil {
					t.Fatal(err)
				}
			}
			if err := s.SetPin(host, "c", false); err != nil {
				t.Fatal(err)
			}
			if err := s.SetPin(host, "Not A Name", true); err == nil {
				t.Fatal("a bad name is pinned")
			}
			got, err := s.Pins(t.Context(), host)
			if diff := cmp.Diff([]string{"a", "b"}, got); err != nil || diff != "" {
				t.Fatal(err, diff)
			}
			if other, err := s.Pins(t.Context(), "other.example"); err != nil || len(other) != 0 {
				t.Fatal(other, err)
			}
		})
	}
}

func TestInsideABubble(t *testing.T) {
	t.Parallel()
	for name, o := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { liveInABubble(t, o) })
		})
	}
}

func liveInABubble(t *testing.T, o Options) {
	t.Helper()
	o.Now = time.Now
	s := Open(o)
	start := o.Now().UTC()
	d, raw := blob(1, 100)
	s.PutContent(d, "m", raw)
	s.See(host, repo, "v1", d)
	time.Sleep(time.Hour)
	s.See(host, repo, "v1", d)
	flush(t, s)
	forget(s)
	wantContent(t, s, d, raw)
	got, err := s.History(t.Context(), host, repo, "v1")
	want := []image.Sighting{{Tag: "v1", Digest: d, First: start, Last: start.Add(time.Hour)}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Fatal(err, diff)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	for name, o := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, o)
			var wg sync.WaitGroup
			for g := range 8 {
				wg.Go(func() {
					for i := range 50 {
						d, raw := blob(i, 500)
						s.PutContent(d, "m", raw)
						s.See(host, repo, fmt.Sprintf("v%d", g), d)
						if _, got, ok := s.Content(t.Context(), d); ok && !bytes.Equal(got, raw) {
							t.Error("content differs")
						}
						if i%10 == 0 {
							_ = s.Flush(t.Context())
							_ = s.Status()
							_, _ = s.Tags(t.Context(), host, repo)
						}
					}
				})
			}
			wg.Wait()
			if tags, err := s.Tags(t.Context(), host, repo); err != nil || len(tags) != 8 {
				t.Fatal(tags, err)
			}
		})
	}
}
