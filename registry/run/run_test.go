package run_test

import (
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/run"
	"regatta/registry/sandbox"
)

func quirks() map[string]sandbox.Quirks {
	return map[string]sandbox.Quirks{
		"plain": {}, "no tag delete": {NoTagDelete: true}, "no referrers": {NoReferrers: true}, "clamped": {ClampPage: 2},
		"no catalog": {NoCatalog: true}, "page limit": {PageLimit: 3}, "warning": {Warning: "careful"},
	}
}

func TestUntagTakesNothingElse(t *testing.T) {
	t.Parallel()
	for name, q := range quirks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Quirks: q})
			digests := fill(w.registry)
			first := state(t, w.bare, digests)
			result := w.run(t, w.planUntag(t, "a"), "")
			allDone(t, result)
			same(t, without(first, "tag a"), state(t, w.bare, digests))
			undone := w.undo(t, result.Run)
			same(t, first, state(t, w.bare, digests))
			w.undo(t, undone.Run)
			same(t, without(first, "tag a"), state(t, w.bare, digests))
		})
	}
}

func TestDeleteAndUndo(t *testing.T) {
	t.Parallel()
	for name, q := range quirks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Quirks: q})
			digests := fill(w.registry)
			first := state(t, w.bare, digests)
			result := w.run(t, w.planDelete(t, plan.Selection{Digests: []ref.Digest{digests["one"]}}), "")
			allDone(t, result)
			after := state(t, w.bare, digests)
			gone := []string{"tag one", "tag uno", "manifest one", "manifest amd", "manifest sbom"}
			if q.NoReferrers {
				gone = append(gone, "tag "+digests["one"].FallbackTag())
			}
			same(t, without(first, gone...), after)
			undone := w.undo(t, result.Run)
			same(t, first, state(t, w.bare, digests))
			w.undo(t, undone.Run)
			same(t, after, state(t, w.bare, digests))
		})
	}
}

func TestNothingCanBeDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Quirks: sandbox.Quirks{NoDelete: true}})
	fill(w.registry)
	if _, err := plan.ToUntag(w.view(t), []string{"a"}, plan.Options{}); !fault.Is(err, fault.Unsupported) {
		t.Error(err)
	}
	for _, r := range w.registry.Requests() {
		if r.Method == http.MethodPut || r.Method == http.MethodPost {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
}

func TestWhatMovedIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]sandbox.Quirks{"tags": {}, "dummies": {NoTagDelete: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Quirks: q})
			digests := fill(w.registry)
			untag := w.planUntag(t, "a", "b", "uno")
			remove := w.planDelete(t, plan.Selection{Digests: []ref.Digest{digests["two"]}})
			move, err := plan.ToRetag([]plan.View{w.view(t)}, []plan.Move{
				{From: at("two"), To: at("b")}, {From: at("two"), To: at("fresh")},
			}, plan.Options{At: clock()})
			must(t, err)
			for _, tag := range []string{"a", "b", "fresh"} {
				w.registry.Tag(repo, tag, string(digests["one"]), clock())
			}
			w.registry.Tag(repo, "new", string(digests["two"]), clock())
			first := state(t, w.bare, digests)
			for p, skipped := range map[*plan.Plan]int{&untag: 2, &move: 2} {
				if r := w.run(t, *p, ""); r.Skipped != skipped || r.Failed != 0 {
					t.Errorf("%+v, want %d skipped", r, skipped)
				}
			}
			if r := w.run(t, remove, ""); r.Failed != 0 || r.Skipped == 0 {
				t.Errorf("the delete: %+v", r)
			}
			want := without(first, "tag uno")
			if !q.NoTagDelete {
				want = without(want, "tag two") // its tags go first, then the one that came meanwhile is noticed
			}
			same(t, want, state(t, w.bare, digests))
		})
	}
}

func at(tag string) ref.Reference { return ref.Reference{Host: host, Repository: repo, Tag: tag} }

// many is a repository of n tags, each on an image of its own.
func many(w *world, n int) (tags []string, digests map[string]ref.Digest) {
	digests = map[string]ref.Digest{}
	for i := range n {
		d := w.registry.PushImage(repo, sandbox.Image{Layers: []string{strconv.Itoa(i)}})
		w.registry.Tag(repo, tagName(i), d, time.Unix(1, 0))
		tags, digests[tagName(i)] = append(tags, tagName(i)), ref.Digest(d)
	}
	return tags, digests
}

func TestFaults(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes its time")
	}
	const n = 80
	for name, o := range map[string]sandbox.Options{
		"tags": {}, "dummies": {Quirks: sandbox.Quirks{NoTagDelete: true}},
		"tokens": {Auth: sandbox.Auth{Bearer: true, TokenTTL: time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.Now, o.Empty = clock, true
			reg := sandbox.New(o)
			t.Cleanup(func() { _ = reg.Close() })
			lost := &lossy{base: reg.Transport()}
			w := connect(t, host, lost, filepath.Join(t.TempDir(), "journal.db"))
			w.registry = reg
			tags, digests := many(w, n)
			first := state(t, w.bare, digests)
			p := w.planUntag(t, tags...)
			lost.every.Store(7)
			if o.Auth.Bearer {
				w.registry.Inject(sandbox.Fault{Prefix: "/v2/" + repo, Every: 5, Effect: sandbox.ExpireToken{}})
			}
			for i, effect := range []sandbox.Effect{
				sandbox.Status{Code: 429}, sandbox.Status{Code: 500}, sandbox.Cut{}, sandbox.Status{Code: 503},
			} {
				w.registry.Inject(sandbox.Fault{Prefix: "/v2/" + repo + "/manifests", Every: 11 + 4*i, Effect: effect})
			}
			r := w.run(t, p, "")
			w.registry.ClearFaults()
			lost.every.Store(0)
			left := state(t, w.bare, digests)
			book, err := w.journal.Run(t.Context(), r.Run)
			must(t, err)
			for i, s := range r.Steps {
				_, there := left["tag "+tags[i]]
				// What could not be looked at again is in doubt, here as in the journal.
				doubt := s.Outcome == plan.Running
				wrong := !doubt && ((s.Outcome == plan.Done) == there || !s.Outcome.Ended())
				if wrong || doubt != (book.Steps[i].Outcome == plan.Running) || s.Outcome != plan.Done && s.Error == "" {
					t.Errorf("%s is there: %v, and %+v", tags[i], there, s)
				}
			}
			t.Logf("%d done, %d failed", r.Done, r.Failed)
			again, err := w.runner.Resume(t.Context(), r.Run, false)
			must(t, err)
			r, err = again.Wait()
			must(t, err)
			allDone(t, r)
			w.undo(t, r.Run)
			same(t, first, state(t, w.bare, digests))
		})
	}
}

// bubble is a world in virtual time, with a journal in memory.
func bubble(t *testing.T, n int) (*world, plan.Plan) {
	t.Helper()
	reg := sandbox.New(sandbox.Options{Now: clock, Empty: true})
	t.Cleanup(func() { _ = reg.Close() })
	tr := httpx.New(httpx.Options{Now: clock, Base: reg.Transport()})
	w := &world{registry: reg, client: oci.New(host, oci.Options{Transport: tr, Now: clock})}
	w.runner = run.New(run.Options{
		Journal: notes{}, Now: clock, Open: func(string) (run.Registry, error) { return w.client, nil }, PerHost: 2,
	})
	tags, _ := many(w, n)
	p := w.planUntag(t, tags...)
	reg.Inject(sandbox.Fault{Method: http.MethodDelete, Effect: sandbox.Slow{First: 100 * time.Millisecond}})
	return w, p
}

func TestPauseCancelAndProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, p := bubble(t, 60)
		r, err := w.runner.Start(t.Context(), p, "", "")
		must(t, err)
		time.Sleep(time.Second + time.Millisecond)
		r.Pause()
		synctest.Wait()
		time.Sleep(time.Minute)
		now := <-r.Progress()
		if now.Done < 10 || now.Done > 30 || !now.Paused || now.Running != 0 || now.StepsPerSecond < 5 || now.Left <= 0 {
			t.Errorf("paused: %+v", now)
		}
		r.Resume()
		snapshots := 0
		began := clock()
		for clock().Sub(began) < time.Second {
			now = <-r.Progress()
			snapshots++
		}
		if snapshots > 21 || now.Left > time.Minute {
			t.Errorf("%d snapshots in a second, the last %+v", snapshots, now)
		}
		r.Cancel()
		result, err := r.Wait()
		must(t, err)
		if result.Skipped == 0 || result.Done == 0 || result.Done+result.Skipped != 60 {
			t.Errorf("%d done, %d skipped, %d failed", result.Done, result.Skipped, result.Failed)
		}
		var last plan.Progress
		for now := range r.Progress() {
			last = now
		}
		if !last.Finished || last.Done != result.Done || last.Fraction() != 1 {
			t.Errorf("the last is %+v", last)
		}
		w.runner.Wait() // the bubble fails where a goroutine stays
	})
}

func TestTwoRunsShareAHost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, p := bubble(t, 8)
		half := p
		half.Steps = p.Steps[:4]
		p.Steps = p.Steps[4:]
		began := clock()
		for _, one := range []plan.Plan{half, p} {
			_, err := w.runner.Start(t.Context(), one, "", "")
			must(t, err)
		}
		w.runner.Wait()
		if took := clock().Sub(began); took < 400*time.Millisecond {
			t.Errorf("8 steps of 100 ms, two at a time, took %s", took)
		}
	})
}

func TestAJournalThatFailsStopsTheRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	tags, digests := many(w, 3)
	first := state(t, w.bare, digests)
	p := w.planUntag(t, tags...)
	w.runner = run.New(run.Options{
		Journal: full{}, Now: clock, Open: func(string) (run.Registry, error) { return w.client, nil },
	})
	r, err := w.runner.Start(t.Context(), p, "", "")
	must(t, err)
	result, err := r.Wait()
	if !fault.Is(err, fault.Unrecorded) || result.Skipped != 3 {
		t.Errorf("%+v, %v", result, err)
	}
	same(t, first, state(t, w.bare, digests))
}

func TestRunsAreInTheJournal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	fill(w.registry)
	result := w.run(t, w.planUntag(t, "a"), "")
	undone := w.undo(t, result.Run)
	runs, err := w.journal.Runs(t.Context(), 10)
	must(t, err)
	if len(runs) != 2 || runs[0].UndoOf != result.Run || runs[1].Undone[0] != undone.Run || runs[1].State != journal.Done {
		t.Errorf("%+v", runs)
	}
}

// The answer is lost, and the registry cannot be asked: the step is reported as
// failed, and undo still puts the tag back.
func TestAStepInDoubtIsUndone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	digests := fill(w.registry)
	first := state(t, w.bare, digests)
	p := w.planUntag(t, "a")
	var gone atomic.Bool
	w.registry.Inject(sandbox.Fault{
		Effect: sandbox.Status{Code: http.StatusForbidden},
		Match: func(r *http.Request) bool {
			deleted := gone.Load()
			if r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, "/a") {
				gone.Store(true)
			}
			return deleted && r.Method == http.MethodHead
		},
	})
	r := w.run(t, p, "")
	if r.InDoubt != 1 || r.Failed != 0 || r.Steps[0].Error == "" {
		t.Errorf("%+v", r)
	}
	w.registry.ClearFaults()
	w.undo(t, r.Run)
	same(t, first, state(t, w.bare, digests))
}
