package run_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

const childEnv = "REGATTA_RUN_TEST"

// TestChild is the program that is killed: it carries out the plan in a file.
func TestChild(t *testing.T) {
	where := strings.Split(os.Getenv(childEnv), "|")
	if len(where) != 4 {
		t.Skip("it runs as a process of its own")
	}
	raw, err := os.ReadFile(where[2])
	must(t, err)
	p, err := plan.Decode(raw)
	must(t, err)
	w := connect(t, where[0], nil, where[1])
	w.run(t, p, where[3])
}

// killer kills a process at a change of a manifest: before the registry makes
// it, or after that and before it answers.
type killer struct {
	next http.Handler

	mu    sync.Mutex
	at    int // which change, counted from 1; 0 is none
	after bool
	n     int
	kill  func()

	busy sync.WaitGroup
}

// ServeHTTP implements http.Handler.
func (k *killer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.busy.Add(1)
	defer k.busy.Done()
	changes := (r.Method == http.MethodPut || r.Method == http.MethodDelete) &&
		strings.Contains(r.URL.Path, "/manifests/") && !strings.Contains(r.URL.Path, "regatta-probe")
	if !changes {
		k.next.ServeHTTP(w, r)
		return
	}
	k.mu.Lock()
	k.n++
	strikes := k.n == k.at
	after, kill := k.after, k.kill
	k.mu.Unlock()
	if !strikes {
		k.next.ServeHTTP(w, r)
		return
	}
	if after {
		k.next.ServeHTTP(httptest.NewRecorder(), r)
	}
	kill()
	panic(http.ErrAbortHandler)
}

// victim is a registry, and a program that is killed while it changes it.
type victim struct {
	*world

	digests map[string]ref.Digest
	dir     string
	addr    string
	srv     *httptest.Server
	killer  *killer
}

func newVictim(t *testing.T, q sandbox.Quirks) *victim {
	t.Helper()
	reg := sandbox.New(sandbox.Options{Now: clock, Empty: true, Quirks: q})
	t.Cleanup(func() { _ = reg.Close() })
	k := &killer{next: reg}
	v := &victim{dir: t.TempDir(), killer: k, srv: httptest.NewServer(k)}
	t.Cleanup(v.srv.Close)
	v.addr = strings.TrimPrefix(v.srv.URL, "http://")
	v.world = connect(t, v.addr, nil, filepath.Join(v.dir, "journal.db"))
	v.registry = reg
	v.digests = fill(reg)
	return v
}

// dies carries out a plan in a program that is killed at a change. It reports false
// where that was over before it came to that.
func (v *victim) dies(t *testing.T, p plan.Plan, undoOf string, at int, after bool) (struck bool) {
	t.Helper()
	raw, err := plan.Encode(p)
	must(t, err)
	must(t, os.WriteFile(filepath.Join(v.dir, "plan.json"), raw, 0o600))
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0], "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), childEnv+"="+strings.Join(
		[]string{v.addr, filepath.Join(v.dir, "journal.db"), filepath.Join(v.dir, "plan.json"), undoOf}, "|"))
	var hit atomic.Bool
	started := make(chan struct{})
	k := v.killer
	k.mu.Lock()
	k.n, k.at, k.after, k.kill = 0, at, after, func() { <-started; hit.Store(true); _ = cmd.Process.Kill() }
	k.mu.Unlock()
	must(t, cmd.Start())
	close(started)
	_ = cmd.Wait()
	v.srv.CloseClientConnections() // nothing that the program sent arrives any more
	k.busy.Wait()
	k.mu.Lock()
	k.at = 0
	k.mu.Unlock()
	return hit.Load()
}

// killed is a world whose run was killed at a change, with the state before it. It
// reports false where the run was over before it came to that.
func killed(t *testing.T, q sandbox.Quirks, at int, after bool, planner func(*world, map[string]ref.Digest) plan.Plan) (
	w *world, digests map[string]ref.Digest, first map[string]string, struck bool,
) {
	t.Helper()
	v := newVictim(t, q)
	first = state(t, v.bare, v.digests)
	struck = v.dies(t, planner(v.world, v.digests), "", at, after)
	return v.world, v.digests, first, struck
}

func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it starts many processes")
	}
	remove := func(w *world, digests map[string]ref.Digest) plan.Plan {
		return w.planDelete(t, plan.Selection{Digests: []ref.Digest{digests["one"], digests["twice"]}})
	}
	untag := func(w *world, _ map[string]ref.Digest) plan.Plan { return w.planUntag(t, "a", "uno", "two") }
	bring := func(w *world, digests map[string]ref.Digest) plan.Plan {
		const source = "shop/source"
		push := func(name string) string {
			d := w.registry.PushImage(source, sandbox.Image{Layers: []string{"from elsewhere", name}})
			digests[name] = ref.Digest(d)
			return d
		}
		index := w.registry.PushIndex(source, push("copied amd"), push("copied arm"))
		digests["copied"] = ref.Digest(index)
		w.registry.Tag(source, "two", index, clock())
		return w.planCopy(t, w.client, source, repo, false, "two")
	}
	for _, c := range []struct {
		name string
		q    sandbox.Quirks
		make func(*world, map[string]ref.Digest) plan.Plan
	}{
		{"delete", sandbox.Quirks{}, remove},
		{"delete with tags", sandbox.Quirks{NoTagDelete: true}, remove},
		{"untag", sandbox.Quirks{}, untag},
		{"untag by dummies", sandbox.Quirks{NoTagDelete: true}, untag},
		{"copy", sandbox.Quirks{}, bring},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, digests, _, _ := killed(t, c.q, 0, false, c.make)
			planned := state(t, w.bare, digests)
			for at := 1; ; at++ {
				for _, way := range []struct{ after, resumed bool }{{}, {true, false}, {false, true}, {true, true}} {
					w, digests, first, struck := killed(t, c.q, at, way.after, c.make)
					if !struck {
						t.Logf("killed at each of %d changes", at-1)
						if at < 3 {
							t.Error("the run had hardly any")
						}
						return
					}
					name := fmt.Sprintf("change %d, %+v", at, way)
					keptTags(t, name, w)
					if way.resumed {
						resume(t, name, w, digests, planned)
					}
					rewind(t, name, w, digests, first)
				}
			}
		})
	}
}

func newest(t *testing.T, w *world) journal.Run {
	t.Helper()
	runs, err := w.journal.Runs(t.Context(), 1)
	must(t, err)
	return runs[0]
}

// keptTags fails unless a killed run that removes something has written down what the
// tags were.
func keptTags(t *testing.T, name string, w *world) {
	t.Helper()
	was := newest(t, w)
	kept, err := w.journal.KeptTags(t.Context(), was.ID)
	must(t, err)
	removes := slices.ContainsFunc(was.Plan.Steps, func(s plan.Step) bool {
		return s.Kind == plan.Delete || s.Kind == plan.Untag || s.Kind == plan.UntagByDummy
	})
	if (len(kept[repo]) >= 5) != removes {
		t.Errorf("%s: it kept %v", name, kept)
	}
}

// resume goes on with the run that was killed, to the state that was planned.
func resume(t *testing.T, name string, w *world, digests map[string]ref.Digest, planned map[string]string) {
	t.Helper()
	was := newest(t, w)
	if was.State != journal.Interrupted {
		t.Errorf("%s: the run is %s", name, was.State)
	}
	r, err := w.runner.Resume(t.Context(), was.ID, false)
	must(t, err)
	result, err := r.Wait()
	must(t, err)
	if result.Done != len(result.Steps) {
		t.Errorf("%s: %+v", name, result)
	}
	same(t, planned, state(t, w.bare, digests))
}

// rewind undoes the run, as far as it came.
func rewind(t *testing.T, name string, w *world, digests map[string]ref.Digest, first map[string]string) {
	t.Helper()
	was := newest(t, w)
	if r := w.undo(t, was.ID); r.Done != len(r.Steps) {
		t.Errorf("%s: %+v", name, r)
	}
	same(t, first, state(t, w.bare, digests))
}

// An undo that is killed leaves the run for another, which ends where the first was to
// end; or it goes on itself. Whichever does, it is undone once.
func TestKilledWhileItIsUndone(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it starts many processes")
	}
	for name, q := range map[string]sandbox.Quirks{"deletes tags": {}, "by dummies": {NoTagDelete: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for at := 1; ; at++ {
				for _, way := range []struct{ after, resumed bool }{{}, {true, false}, {false, true}, {true, true}} {
					if !undoneAfterAKill(t, q, at, way.after, way.resumed) {
						if at < 3 {
							t.Error("the undo had hardly any changes")
						}
						return
					}
				}
			}
		})
	}
}

func undoneAfterAKill(t *testing.T, q sandbox.Quirks, at int, after, resumed bool) (struck bool) {
	t.Helper()
	v := newVictim(t, q)
	first := state(t, v.bare, v.digests)
	v.run(t, v.planDelete(t, plan.Selection{Digests: []ref.Digest{v.digests["one"], v.digests["twice"]}}), "")
	gone := newest(t, v.world)
	u, err := survey.Undo(t.Context(), v.client, v.keeper(), gone, plan.Options{At: clock()}, nil)
	must(t, err)
	if !v.dies(t, u.Plan, gone.ID, at, after) {
		return false
	}
	name := fmt.Sprintf("change %d, after %t, resumed %t", at, after, resumed)
	if resumed {
		resume(t, name, v.world, v.digests, first)
	} else {
		again, err := v.journal.Run(t.Context(), gone.ID)
		must(t, err)
		if len(again.UndoneInPart) != 1 || len(again.Undoing) > 0 || !again.Undoable() {
			t.Errorf("%s: it is undone in part by %v", name, again.UndoneInPart)
		}
		if r := v.undo(t, gone.ID); r.Failed+r.Skipped > 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	same(t, first, state(t, v.bare, v.digests))
	now, err := v.journal.Run(t.Context(), gone.ID)
	must(t, err)
	if len(now.Undone) != 1 || len(now.Undoing) > 0 || now.Undoable() {
		t.Errorf("%s: it is undone by %v, being undone by %v", name, now.Undone, now.Undoing)
	}
	return true
}
