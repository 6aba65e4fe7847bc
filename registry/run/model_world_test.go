package run_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// book is a journal in memory that can die like the program that writes it.
type book struct {
	mu    sync.Mutex
	runs  map[string]*journal.Run
	order []string
	saved map[ref.Digest]image.Manifest
	tags  map[string]map[string]map[string]ref.Digest // by run and repository, before it
	dead  bool
}

func newBook() *book {
	return &book{runs: map[string]*journal.Run{}, saved: map[ref.Digest]image.Manifest{}, tags: map[string]map[string]map[string]ref.Digest{}}
}

var errDead = &fault.Error{Op: "write to the journal", Kind: fault.Unrecorded, Detail: "killed"}

// write does something unless the program is dead.
func (b *book) write(do func() error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.dead {
		return errDead
	}
	return do()
}

func (b *book) Run(_ context.Context, id string) (journal.Run, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.runs[id]
	if r == nil {
		return journal.Run{}, &fault.Error{Op: "find run", Object: id, Kind: fault.NotFound}
	}
	out := *r
	out.Steps = slices.Clone(r.Steps)
	out.Remarks = slices.Clone(r.Remarks)
	return out, nil
}

func (b *book) Begin(_ context.Context, r journal.Run) (string, error) {
	return fmt.Sprint("run", len(b.order)), b.write(func() error {
		r.ID, r.State = fmt.Sprint("run", len(b.order)), journal.Running
		r.Steps = make([]journal.Step, len(r.Plan.Steps))
		for i := range r.Steps {
			r.Steps[i].Outcome = plan.Pending
		}
		b.runs[r.ID], b.order = &r, append(b.order, r.ID)
		return nil
	})
}

func (b *book) Claim(ctx context.Context, id string) (journal.Run, error) {
	err := b.write(func() error { b.runs[id].State = journal.Running; return nil })
	if err != nil {
		return journal.Run{}, err
	}
	return b.Run(ctx, id)
}

func (b *book) End(_ context.Context, id string, s journal.State) error {
	return b.write(func() error { b.runs[id].State = s; return nil })
}

func (b *book) Intend(_ context.Context, run string, step int, saved []image.Manifest) error {
	return b.write(func() error {
		s := &b.runs[run].Steps[step]
		s.Outcome = plan.Running
		for _, m := range saved {
			b.saved[m.Digest] = m
			s.Saved = append(s.Saved, m.Digest)
		}
		return nil
	})
}

func (b *book) Settle(_ context.Context, run string, step int, o plan.Outcome, why string) error {
	return b.write(func() error {
		b.runs[run].Steps[step].Outcome, b.runs[run].Steps[step].Error = o, why
		return nil
	})
}

func (b *book) Remark(_ context.Context, run string, remarks ...journal.Remark) error {
	return b.write(func() error {
		b.runs[run].Remarks = append(b.runs[run].Remarks, remarks...)
		return nil
	})
}

func (b *book) KeepTags(_ context.Context, run, repo string, tags map[string]ref.Digest) error {
	return b.write(func() error {
		if b.tags[run] == nil {
			b.tags[run] = map[string]map[string]ref.Digest{}
		}
		if b.tags[run][repo] == nil {
			b.tags[run][repo] = tags
		}
		return nil
	})
}

func (b *book) KeptTags(_ context.Context, run string) (map[string]map[string]ref.Digest, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.tags[run], nil
}

func (b *book) Saved(_ context.Context, d ref.Digest) (image.Manifest, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m, ok := b.saved[d]
	if !ok {
		return m, &fault.Error{Op: "find saved manifest", Object: string(d), Kind: fault.NotFound}
	}
	return m, nil
}

// reborn is the journal as the next program finds it.
func (b *book) reborn() *book {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := newBook()
	out.order, out.saved, out.tags = slices.Clone(b.order), b.saved, b.tags
	for id, r := range b.runs {
		one := *r
		one.Steps = slices.Clone(r.Steps)
		if one.State == journal.Running {
			one.State = journal.Interrupted
		}
		out.runs[id] = &one
	}
	return out
}

// event is something that happened: a request of the run, or a deed of another.
type event struct {
	at     time.Time
	method string // of the run's request; "" is a deed
	path   string
	tags   map[string]bool       // that the deed was about
	gone   map[ref.Digest]bool   // that it removed
	wrote  map[string]ref.Digest // tags that it set
	child  ref.Digest            // that its index lists
}

// trouble is what goes wrong with a request.
type trouble string

const (
	refused429 trouble = "429"
	refused503 trouble = "503"
	broken500  trouble = "500"
	cut        trouble = "cut"  // nothing arrives
	lost       trouble = "lost" // it is done, and the answer does not come
	down       trouble = "down" // nothing arrives for a while
	killed9    trouble = "kill" // the program ends: nothing of it arrives any more
)

// stageOf lets others act, and requests fail, at chosen requests.
type stageOf struct {
	base     http.RoundTripper
	deeds    map[int]func() event
	troubles map[int]trouble
	die      func()
	latency  time.Duration // of each request

	mu     sync.Mutex
	n      int
	events []event
	dead   bool
	calm   bool
	until  int // the request up to which nothing arrives
}

// RoundTrip implements http.RoundTripper.
func (s *stageOf) RoundTrip(req *http.Request) (*http.Response, error) {
	time.Sleep(s.latency)
	s.mu.Lock() // what others do comes before a request or after it
	defer s.mu.Unlock()
	t, err := s.before(req)
	if err != nil {
		return nil, err
	}
	switch t { //nolint:exhaustive // the others are no answers
	case refused429, refused503, broken500:
		code := map[trouble]int{refused429: 429, refused503: 503, broken500: 500}[t]
		return &http.Response{
			StatusCode: code, Body: http.NoBody, Request: req, Header: http.Header{"Retry-After": {"1"}},
		}, nil
	case cut:
		return nil, errBroken
	}
	resp, err := s.base.RoundTrip(req)
	if t == lost && err == nil {
		_ = resp.Body.Close()
		return nil, errBroken
	}
	return resp, err
}

// downFor is for how many requests a registry is away: for so many that not all steps
// outlast it.
const downFor = 12

var errKilled = errors.New("the program was killed")

func (s *stageOf) before(req *http.Request) (trouble, error) {
	if s.dead {
		return "", errKilled
	}
	s.n++
	if deed := s.deeds[s.n]; deed != nil && !s.calm {
		s.events = append(s.events, deed())
	}
	t := s.troubles[s.n]
	if s.calm {
		t = ""
	}
	if t == down {
		s.until = s.n + downFor
	}
	if s.n <= s.until && !s.calm {
		return cut, nil
	}
	if t == killed9 {
		s.dead = true
		s.die()
		return "", errKilled
	}
	if t == "" || t == lost {
		s.events = append(s.events, event{at: clock(), method: req.Method, path: req.URL.Path})
	}
	return t, nil
}

// quiet ends all trouble.
func (s *stageOf) quiet() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calm, s.dead = true, false
}

// holds is what a repository has: tags, and manifests that are there.
func holds(reg *sandbox.Registry, tags []string, digests []ref.Digest, there func(ref.Digest) bool) map[string]string {
	out := map[string]string{}
	for _, t := range tags {
		if d, ok := reg.Resolve(repo, t); ok {
			out["tag "+t] = d
		}
	}
	for _, d := range digests {
		if there(d) {
			out["manifest "+string(d)] = "there"
		}
	}
	return out
}

func tagOf(path string) string {
	_, name, ok := strings.Cut(path, "/manifests/")
	if !ok || strings.Contains(name, ":") {
		return ""
	}
	return name
}
