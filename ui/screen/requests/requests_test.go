package requests_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"regatta/ui/kit"
	"regatta/ui/screen/requests"
	"regatta/ui/uitest"
)

// log is the requests of a session.
type log struct {
	mu      sync.Mutex
	all     []requests.Request
	version uint64
	read    int
	saved   [][]string
}

func (l *log) Requests() []requests.Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read++
	return slices.Clone(l.all)
}

func (l *log) Version() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.version
}

// add adds a request.
func (l *log) add(r requests.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.version++
	r.ID = l.version
	r.At = time.Date(2000, 1, 1, 10, 0, int(l.version), 0, time.UTC)
	l.all = append(l.all, r)
}

func (l *log) reads() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.read
}

func perform(t *testing.T, l *log, act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Width: 100, Height: 24, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		com.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
			l.saved = rows
			return "/tmp/" + name, nil
		}
		return requests.New(com, l)
	}}, act)
}

func small() *log {
	l := &log{}
	l.add(requests.Request{Method: "GET", Host: "a.example", Path: "/v2/", Status: 200, Took: 40 * time.Millisecond, Bytes: 2_000, Attempt: 1})
	l.add(requests.Request{Method: "HEAD", Host: "a.example", Path: "/v2/app", Status: 404, Took: 3 * time.Second, Bytes: 30, Attempt: 3, Waited: 2 * time.Second})
	l.add(requests.Request{Method: "PUT", Host: "b.example", Path: "/v2/x", Err: "the connection was reset\x1b[1m", Took: time.Second, Attempt: 2})
	l.add(requests.Request{Method: "GET", Host: "b.example", Path: "/v2/y", Attempt: 1})
	return l
}

func TestTheLog(t *testing.T) {
	t.Parallel()
	l := small()
	perform(t, l, func(s *uitest.Driver) {
		s.SeeLine(`TIME↓`).SeeLine(`▌ +10:00:04 +… +GET +/v2/y  b\.example`).SeeLine(`10:00:03 +✗ ×2 +PUT +/v2/x  b\.example +1\.0s`)
		s.SeeLine(`10:00:02 +404 ×3 +HEAD +/v2/app  a\.example +3\.0s +2\.0s +30 B`).SeeLine(`10:00:01 +200 +GET +/v2/  a\.example +40ms +2\.0 kB`)
		s.See("4 requests · 2.0 kB read").Press("j").CursorOn("/v2/x").See("the connection was reset").SeeNot("\x1b", "4 requests").Press("j").See("4 requests")
		s.Press("s").See("TOOK↓").Press("g").CursorOn("/v2/app").Press("s", "g").See("BYTES↓").CursorOn("GET").Press("S", "g").See("BYTES↑").ClickOn("TIME")
		s.Press("g").CursorOn("10:00:04").ClickOn("TIME").Press("g").CursorOn("10:00:01")
		s.Press("ctrl+s").See("saved 4 rows to /tmp/requests")
		if want := []string{"2000-01-01T10:00:02Z", "404", "HEAD", "a.example/v2/app", "3000", "2000", "30"}; !slices.ContainsFunc(l.saved, func(row []string) bool { return slices.Equal(row, want) }) {
			t.Errorf("saved %q", l.saved)
		}
		s.Press("esc").See(uitest.Home)
	})
}

func TestFilters(t *testing.T) {
	t.Parallel()
	for filter, want := range map[string]string{"is:failed": "2 / 4", "is:retried": "2 / 4", "is:waited": "1 / 4", "status>=400": "1 / 4", "size>1kB": "1 / 4", "a.example/v2/app": "1 / 4", "HEAD": "1 / 4"} {
		perform(t, small(), func(s *uitest.Driver) {
			s.Press("S", "/").Type(filter).See(want).Press("enter").SeeNot("/v2/y")
		})
	}
}

// News come by themselves, and move nothing; where there are none, nothing is read.
func TestNews(t *testing.T) {
	t.Parallel()
	l := small()
	perform(t, l, func(s *uitest.Driver) {
		s.Press("j").CursorOn("/v2/x").Advance(10 * time.Second)
		if l.reads() != 1 {
			t.Errorf("read %d times without news", l.reads())
		}
		l.add(requests.Request{Method: "GET", Host: "c.example", Path: "/v2/new", Status: 200})
		s.Advance(time.Second).See("/v2/new").CursorOn("/v2/x")
		if l.reads() != 2 {
			t.Errorf("read %d times", l.reads())
		}
		s.Press("esc").Advance(time.Second)
		l.add(requests.Request{Method: "GET"})
		if s.Advance(5 * time.Second).See(uitest.Home); l.reads() != 2 {
			t.Error("it reads though it is closed")
		}
	})
	empty := &log{}
	perform(t, empty, func(s *uitest.Driver) {
		s.See("Nothing has been asked of any registry yet.", "0 requests").Press("j").See("there is nothing listed")
		empty.add(requests.Request{Method: "GET", Path: "/v2/first", Status: 200})
		s.Advance(time.Second).See("/v2/first").SeeNot("Nothing has been asked")
	})
}
