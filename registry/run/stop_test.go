package run_test

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/plan"
	"regatta/registry/httpx"
	"regatta/registry/run"
	"regatta/registry/sandbox"
)

// Cancel and pause let the requests end that are in flight, and nothing else begins;
// what is left goes on later.
func TestCancelAndPauseMeanIt(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"cancel", "pause"} {
		for _, what := range []string{"untag", "dummies", "delete", "retag"} {
			t.Run(how+" "+what, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { stopHalfway(t, how, what) })
			})
		}
	}
}

func stopHalfway(t *testing.T, how, what string) {
	t.Helper()
	const n, places = 28, 4
	w, c := racing(t, sandbox.Quirks{NoTagDelete: what == "dummies"}, httpx.HostOptions{})
	w.runner = run.New(run.Options{
		Journal: notes{}, Now: clock, Open: func(string) (run.Registry, error) { return w.client, nil }, PerHost: places,
	})
	p := manySteps(t, w, what, n)
	w.registry.Inject(sandbox.Fault{
		Match:  func(r *http.Request) bool { return r.Method == http.MethodPut || r.Method == http.MethodDelete },
		Effect: sandbox.Slow{First: 2 * time.Second},
	})
	r, err := w.runner.Start(t.Context(), p, "", "")
	must(t, err)
	time.Sleep(time.Second)
	if how == "cancel" {
		r.Cancel()
	} else {
		r.Pause()
	}
	time.Sleep(time.Second - time.Millisecond)
	synctest.Wait()
	c.mu.Lock()
	before := len(c.asked)
	c.mu.Unlock()
	if now := <-r.Progress(); now.Running > places {
		t.Errorf("%d steps are said to run", now.Running)
	}
	time.Sleep(time.Minute)
	c.mu.Lock()
	later := slices.Clone(c.asked[before:])
	c.mu.Unlock()
	for _, a := range later {
		finishes := what == "dummies" && a.method == http.MethodDelete
		if a.method != http.MethodHead && a.method != http.MethodGet && !finishes {
			t.Errorf("%s %s begins after the %s", a.method, a.path, how)
		}
	}
	if how == "pause" {
		if now := <-r.Progress(); now.Running != 0 || now.Done > places || !now.Paused {
			t.Errorf("paused: %+v", now)
		}
		r.Resume()
		result, err := r.Wait()
		must(t, err)
		allDone(t, result)
		return
	}
	result, err := r.Wait()
	must(t, err)
	if result.Done > places || result.Done+result.Skipped != n {
		t.Errorf("%d done, %d skipped, %d failed", result.Done, result.Skipped, result.Failed)
	}
	w.registry.ClearFaults()
	p.Steps = slices.DeleteFunc(p.Steps, func(s plan.Step) bool {
		return slices.ContainsFunc(result.Steps, func(d plan.StepResult) bool {
			return d.Reference == s.Reference.String() && d.Outcome.Succeeded()
		})
	})
	allDone(t, w.run(t, p, ""))
}

// manySteps is a plan of n independent steps.
func manySteps(t *testing.T, w *world, what string, n int) plan.Plan {
	t.Helper()
	if what == "delete" {
		return w.planDelete(t, plan.Selection{Digests: bareImages(w, n)})
	}
	tags, digests := many(w, n)
	if what != "retag" {
		if what == "dummies" {
			_, err := w.client.ProbeDelete(t.Context(), repo)
			must(t, err)
		}
		return w.planUntag(t, tags...)
	}
	var all []plan.Move
	for _, tag := range tags {
		from := at("")
		from.Digest = digests[tags[0]]
		to := at("new-" + tag)
		all = append(all, plan.Move{From: from, To: to})
	}
	p, err := plan.ToRetag([]plan.View{w.view(t)}, all, plan.Options{At: clock()})
	must(t, err)
	return p
}
