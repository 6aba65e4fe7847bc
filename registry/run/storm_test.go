package run_test

import (
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// harbour serves a registry on one address, and can be shut and opened again.
type harbour struct {
	handler http.Handler
	at      string

	mu     sync.Mutex
	server *http.Server
}

func (h *harbour) open(t *testing.T) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", h.at)
	must(t, err)
	h.at = l.Addr().String()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.server = &http.Server{Handler: h.handler, ReadHeaderTimeout: time.Minute}
	go func(s *http.Server) { _ = s.Serve(l) }(h.server) // it ends with Close
}

func (h *harbour) shut() {
	h.mu.Lock()
	defer h.mu.Unlock()
	_ = h.server.Close() // connections and all
}

// storm makes requests go wrong at random: a few in a hundred of each kind.
func storm(reg *sandbox.Registry, seed uint64) {
	var mu sync.Mutex
	dice := rand.New(rand.NewPCG(seed, 1))
	for _, effect := range []sandbox.Effect{
		sandbox.Status{Code: 429}, sandbox.Status{Code: 500}, sandbox.Status{Code: 503}, sandbox.Cut{}, sandbox.ExpireToken{},
	} {
		reg.Inject(sandbox.Fault{Prefix: "/v2/" + repo, Effect: effect, Match: func(*http.Request) bool {
			mu.Lock()
			defer mu.Unlock()
			return dice.IntN(100) < 3
		}})
	}
}

// mixed is a plan of 250 untags and 250 deletes.
func mixed(t *testing.T, w *world) (plan.Plan, map[string]ref.Digest) {
	t.Helper()
	tags, digests := many(w, 250)
	var bare []ref.Digest
	for i := range 250 {
		d := ref.Digest(w.registry.PushImage(repo, sandbox.Image{Layers: []string{"bare", tagName(i)}}))
		bare = append(bare, d)
		digests["bare "+tagName(i)] = d
	}
	p := w.planUntag(t, tags...)
	remove := w.planDelete(t, plan.Selection{Digests: bare})
	for _, s := range remove.Steps {
		for i := range s.After {
			s.After[i] += len(p.Steps)
		}
		p.Steps = append(p.Steps, s)
	}
	p.ReclaimedBytes = remove.ReclaimedBytes
	return p, digests
}

// gone are the steps of which the registry shows that they are done.
func gone(t *testing.T, w *world, p plan.Plan, digests map[string]ref.Digest) []bool {
	t.Helper()
	left := state(t, w.bare, digests)
	there := map[string]bool{}
	for name := range left {
		if n, ok := strings.CutPrefix(name, "manifest "); ok {
			there[string(digests[n])] = true
		}
		there[name] = true
	}
	out := make([]bool, len(p.Steps))
	for i, s := range p.Steps {
		name := "tag " + s.Reference.Tag
		if s.Kind == plan.Delete {
			name = string(s.Digest)
		}
		out[i] = !there[name]
	}
	return out
}

// A run of 500 steps in which requests fail in every way and the registry goes
// away three times ends with every step done or reported, and none of them
// wrong.
func TestFiveHundredStepsInAStorm(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes its time")
	}
	reg := sandbox.New(sandbox.Options{Now: clock, Empty: true, Auth: sandbox.Auth{Bearer: true}})
	t.Cleanup(func() { _ = reg.Close() })
	h := &harbour{handler: reg, at: "127.0.0.1:0"}
	h.open(t)
	t.Cleanup(h.shut)
	w := connect(t, h.at, nil, filepath.Join(t.TempDir(), "journal.db"))
	w.registry = reg
	p, digests := mixed(t, w)
	if len(p.Steps) != 500 {
		t.Fatalf("there are %d steps", len(p.Steps))
	}
	first := state(t, w.bare, digests)
	storm(reg, 7)
	r, err := w.runner.Start(t.Context(), p, "a storm", "")
	must(t, err)
	restarts := 0
	for now := range r.Progress() {
		if !now.Finished && now.Done+now.Failed >= 100*(restarts+1) {
			restarts++
			h.shut()
			h.open(t)
		}
	}
	if restarts < 3 {
		t.Errorf("the registry was only restarted %d times", restarts)
	}
	result, err := r.Wait()
	must(t, err)
	reg.ClearFaults()
	book, err := w.journal.Run(t.Context(), result.Run)
	must(t, err)
	doubts := 0
	for i, done := range gone(t, w, p, digests) {
		s := result.Steps[i]
		doubt := s.Outcome == plan.Running && book.InDoubt(i) // nobody knows how it ended
		if doubt {
			doubts++
		}
		wrong := s.Outcome.Succeeded() != done && !doubt
		if wrong || !s.Outcome.Ended() && !doubt || !s.Outcome.Succeeded() && s.Error == "" {
			t.Errorf("step %d is done: %v, and %+v", i+1, done, s)
		}
	}
	t.Logf("%d restarts; %d done, %d failed, %d in doubt", restarts, result.Done, result.Failed, doubts)
	again, err := w.runner.Resume(t.Context(), result.Run, false)
	must(t, err)
	result, err = again.Wait()
	must(t, err)
	allDone(t, result)
	w.undo(t, result.Run)
	same(t, first, state(t, w.bare, digests))
}
