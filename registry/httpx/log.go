package httpx

import (
	"context"
	"log/slog"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"regatta/model/redact"
	"regatta/model/text"
)

// Entry is one try of one request in the log. Nothing in it is secret.
type Entry struct {
	ID        uint64
	Start     time.Time
	Method    string
	URL       string
	Host      string
	Status    int           // 0 until the answer comes, and after a failure
	Duration  time.Duration // until the header, then until the end of the body
	BytesIn   int64
	Attempt   int // from 1
	Err       string
	Waited    time.Duration // before this try: the gate, the rate, Retry-After
	Done      bool
	FromCache bool
}

const ringSize = 1000

// ring keeps the last entries.
type ring struct {
	version atomic.Uint64
	mu      sync.Mutex
	next    uint64 // the ID of the next entry
	entries []Entry
}

func (r *ring) add(e Entry) uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next++
	e.ID = r.next
	if len(r.entries) < ringSize {
		r.entries = append(r.entries, e)
	} else {
		r.entries[(e.ID-1)%ringSize] = e
	}
	r.version.Add(1)
	return e.ID
}

// update changes entry id if it is still kept and returns what it became.
func (r *ring) update(id uint64, change func(*Entry)) Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := &r.entries[(id-1)%ringSize]
	if e.ID != id {
		return Entry{}
	}
	change(e)
	r.version.Add(1)
	return *e
}

func (r *ring) snapshot() []Entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := 0
	if len(r.entries) == ringSize {
		at = int(r.next % ringSize)
	}
	return slices.Concat(r.entries[at:], r.entries[:at])
}

// Entries are the last 1,000 tries, oldest first.
func (t *Transport) Entries() []Entry { return t.log.snapshot() }

// Version grows with every change of the log: a cheap way to see whether
// Entries is worth another look.
func (t *Transport) Version() uint64 { return t.log.version.Load() }

// Cached notes in the log that a request was not made because its answer is in
// the cache.
func (t *Transport) Cached(method string, u *url.URL) {
	t.log.add(Entry{
		Start: t.o.Now(), Method: method, URL: redact.URL(u), Host: u.Host, Attempt: 1, Done: true, FromCache: true,
	})
}

type outcome struct {
	status int
	bytes  int64
	err    error
}

func (t *Transport) finish(ctx context.Context, id uint64, o outcome) {
	now := t.o.Now()
	e := t.log.update(id, func(e *Entry) {
		e.Duration, e.Status, e.BytesIn, e.Done = now.Sub(e.Start), o.status, o.bytes, true
		if o.err != nil {
			e.Err = redact.Line(o.err.Error())
		}
	})
	if t.o.Log != nil && e.ID == id {
		t.write(ctx, e)
	}
}

func (t *Transport) write(ctx context.Context, e Entry) {
	level := slog.LevelDebug
	if e.Err != "" || e.Status >= 500 || e.Status == 429 {
		level = slog.LevelWarn
	}
	attrs := []slog.Attr{
		slog.Uint64("id", e.ID), slog.String("method", e.Method), slog.String("url", text.Clean(e.URL)),
		slog.Int("status", e.Status), slog.Duration("took", e.Duration), slog.Int64("bytes", e.BytesIn),
		slog.Int("attempt", e.Attempt), slog.Duration("waited", e.Waited),
	}
	if e.Err != "" {
		attrs = append(attrs, slog.String("error", e.Err))
	}
	t.o.Log.LogAttrs(ctx, level, "request", attrs...)
}
