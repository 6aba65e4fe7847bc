package run

import (
	"context"
	"sync"
	"time"

	"regatta/model/plan"
	"regatta/model/ref"
)

// A delete by digest takes along every tag that points to it, and breaks every
// index that lists it. What the plan knew of that may be old by the time of the
// delete, so a repository is watched while manifests are deleted.
const (
	listAge = plan.MaxListAge
	// listRenew is when the next one is asked for beside the deletes, so that they
	// need not wait for it.
	listRenew = listAge / 2
	// lookFor is how long known tags are looked at for one list, those first that
	// were not looked at for the longest time, and tagsAtATime at least. Those that
	// are new are all looked at.
	lookFor = listAge / 2
	// tagsAtATime is how many tags are looked at together. Where a list is made
	// between the wait for the rate and a delete it is all of the known ones: each is
	// taken out of the rate.
	tagsAtATime = 16
)

// watch knows what the tags of the repositories of a run point to, and what
// refers to the manifests that it deletes.
type watch struct {
	reg    Reader
	now    func() time.Time
	intent intent
	// goes is closed while the run is not paused; nil: it cannot be.
	goes   func() <-chan struct{}
	beside sync.WaitGroup

	mu    sync.Mutex
	repos map[string]*watched
}

// watched is one repository.
type watched struct {
	repo  string
	at    time.Time // when the newest list was begun; zero: there is none
	asks  bool      // who describes a manifest has to be asked of each
	stale bool      // a look has shown since that it is not so any more
	// compared says that its tags were listed before anything was removed.
	compared bool
	tooSlow  int           // lists, one after the other, that were too old when they were there
	took     time.Duration // the newest of them
	oldest   time.Duration // that a list was which decided anything, as it may have by its step
	most     int           // the tags that were in it
	quick    *reading      // under way, in a moment of its own
	slow     *reading      // under way

	tags     map[string]*seenTag
	on       map[ref.Digest]map[string]bool       // tags by what they point to
	holders  map[ref.Digest]map[ref.Digest]string // of what is planned: who lists or describes it, by name
	examined map[ref.Digest]bool
}

// seenTag is a tag as it was seen last.
type seenTag struct {
	digest ref.Digest // empty where nobody has looked
	looked time.Time
	listed bool // it is in the newest list
}

// reading is a list that is being made.
type reading struct {
	done chan struct{}
	err  error
}

func newWatch(reg Reader, p plan.Plan, now func() time.Time) *watch {
	return &watch{reg: reg, now: now, intent: intentOf(p), repos: map[string]*watched{}}
}

// of is a repository; the caller holds the lock.
func (w *watch) of(repo string) *watched {
	at := w.repos[repo]
	if at == nil {
		at = &watched{
			repo: repo, tags: map[string]*seenTag{}, on: map[ref.Digest]map[string]bool{},
			holders: map[ref.Digest]map[ref.Digest]string{}, examined: map[ref.Digest]bool{},
		}
		w.repos[repo] = at
	}
	return at
}

// fresh sees to it that there is a list which may be decided by. One that will soon
// be too old is made anew beside what goes on.
func (w *watch) fresh(ctx context.Context, repo string) error {
	w.mu.Lock()
	at := w.of(repo)
	age := w.now().Sub(at.at)
	switch {
	case at.old(w.now()):
		w.mu.Unlock()
		return w.read(ctx, repo, everything)
	case age > listRenew && at.slow == nil:
		next := at.begin(everything)
		w.beside.Go(func() { w.carryOut(ctx, at, next, everything) })
	}
	w.mu.Unlock()
	return nil
}

// old reports whether nothing may be decided by the newest list.
func (w *watched) old(now time.Time) bool { return w.stale || w.at.IsZero() || now.Sub(w.at) > listAge }

// saw takes in what a look at a tag has shown.
func (w *watch) saw(repo, tag string, d ref.Digest) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := w.repos[repo]
	if at == nil || at.tags[tag] != nil && at.tags[tag].digest == d {
		return
	}
	if at.tags[tag] == nil {
		at.tags[tag] = &seenTag{}
	}
	at.tags[tag].listed = true
	at.point(tag, at.tags[tag], d)
	at.stale = true
}

// scope is how much is looked at for a list.
type scope uint8

const (
	everything scope = iota
	atOnce           // in a moment: what is new, and a few of the others
)

func (w *watched) under(s scope) **reading {
	if s == atOnce {
		return &w.quick
	}
	return &w.slow
}

func (w *watched) begin(s scope) *reading {
	next := &reading{done: make(chan struct{})}
	*w.under(s) = next
	return next
}

// read makes a list, or waits for the one that is being made.
func (w *watch) read(ctx context.Context, repo string, s scope) error {
	w.mu.Lock()
	at := w.of(repo)
	if next := *at.under(s); next != nil {
		w.mu.Unlock()
		select {
		case <-next.done:
			return next.err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	next := at.begin(s)
	w.mu.Unlock()
	w.carryOut(ctx, at, next, s)
	return next.err
}

func (w *watch) carryOut(ctx context.Context, at *watched, next *reading, s scope) {
	w.mu.Lock()
	at.stale = false // what is seen from now on may be missing in it
	began := w.now()
	w.mu.Unlock()
	next.err = w.list(ctx, at, s)
	w.mu.Lock()
	defer w.mu.Unlock()
	if next.err == nil {
		at.at = began
		at.count(s, w.now().Sub(began))
	}
	*at.under(s) = nil
	close(next.done)
}
