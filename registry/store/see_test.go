package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"regatta/model/image"
	"regatta/model/ref"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	for name, o := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := newTicker()
			o.Now = clock.now
			s := open(t, o)
			start := clock.now()
			a, b := digest(1), digest(2)
			for i, d := range []ref.Digest{a, a, b, b, a} {
				s.See(host, repo, "prod", d)
				if i%2 == 0 {
					flush(t, s)
				}
				clock.add(time.Hour)
			}
			at := func(h int) time.Time { return start.Add(time.Duration(h) * time.Hour) }
			got, err := s.History(t.Context(), host, repo, "prod")
			want := []image.Sighting{
				{Tag: "prod", Digest: a, First: at(4), Last: at(4)},
				{Tag: "prod", Digest: b, First: at(2), Last: at(3)},
				{Tag: "prod", Digest: a, First: at(0), Last: at(1)},
			}
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Fatal(err, diff)
			}
			if st := s.Status(); st.Sightings != 3 {
				t.Fatalf("status %+v", st)
			}
		})
	}
}

func TestHistorySurvivesAClockThatStepsBack(t *testing.T) {
	t.Parallel()
	clock := newTicker()
	s := open(t, Options{Path: Memory, Now: clock.now})
	start := clock.now()
	s.See(host, repo, "prod", digest(1))
	flush(t, s)
	clock.add(-time.Hour)
	s.See(host, repo, "prod", digest(2))
	got, err := s.History(t.Context(), host, repo, "prod")
	want := []image.Sighting{
		{Tag: "prod", Digest: digest(2), First: start, Last: start},
		{Tag: "prod", Digest: digest(1), First: start, Last: start},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Fatal(err, diff)
	}
}

func TestNamesThatAreNoneAreNotSeen(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Path: Memory})
	s.See("", repo, "v1", digest(1))
	s.See(host, "UPPER", "v1", digest(1))
	s.See(host, repo, "-v1", digest(1))
	s.See(host, repo, "v1", "sha256:short")
	flush(t, s)
	if st := s.Status(); st.Sightings != 0 {
		t.Fatalf("status %+v", st)
	}
}

// world is what the store should remember, without a database.
type world struct {
	rows map[string][]image.Sighting // by tag, newest first
}

func (w *world) see(tag string, d ref.Digest, now time.Time) {
	rows := w.rows[tag]
	if len(rows) > 0 && rows[0].Digest == d {
		rows[0].Last = later(rows[0].Last, now)
		return
	}
	if len(rows) > 0 {
		now = later(rows[0].Last, now)
	}
	w.rows[tag] = append([]image.Sighting{{Tag: tag, Digest: d, First: now, Last: now}}, rows...)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func TestSightingsMatchTheModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clock := newTicker()
		s := Open(Options{Path: Memory, Now: clock.now})
		defer func() { _ = s.Close() }()
		w := &world{rows: map[string][]image.Sighting{}}
		for range rapid.IntRange(0, 40).Draw(t, "events") {
			clock.add(time.Duration(rapid.IntRange(-5, 20).Draw(t, "seconds")) * time.Second)
			tag := fmt.Sprintf("v%d", rapid.IntRange(0, 2).Draw(t, "tag"))
			d := digest(rapid.IntRange(0, 2).Draw(t, "digest"))
			s.See(host, repo, tag, d)
			w.see(tag, d, clock.now())
			if rapid.Bool().Draw(t, "flush") {
				_ = s.Flush(t.Context())
			}
		}
		check(t, s, w)
	})
}

func check(t *rapid.T, s *Store, w *world) {
	t.Helper()
	var newest []image.Sighting
	for i := range 3 {
		tag := fmt.Sprintf("v%d", i)
		got, err := s.History(t.Context(), host, repo, tag)
		if diff := cmp.Diff(w.rows[tag], got); err != nil || diff != "" {
			t.Fatal(tag, err, diff)
		}
		if len(got) > 0 {
			newest = append(newest, got[0])
		}
	}
	got, err := s.Tags(t.Context(), host, repo)
	if diff := cmp.Diff(newest, got); err != nil || diff != "" {
		t.Fatal(err, diff)
	}
}
