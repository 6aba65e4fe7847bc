package run_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/run"
	"regatta/registry/sandbox"
)

// inVirtualTime is a world without a cache, and with a journal in memory.
func inVirtualTime(t *testing.T) *world {
	t.Helper()
	reg := sandbox.New(sandbox.Options{Now: clock, Empty: true})
	t.Cleanup(func() { _ = reg.Close() })
	w := &world{registry: reg, client: oci.New(host, oci.Options{
		Transport: httpx.New(httpx.Options{Now: clock, Base: reg.Transport()}), Now: clock,
	})}
	w.bare = w.client
	w.runner = run.New(run.Options{
		Journal: notes{}, Now: clock, Open: func(string) (run.Registry, error) { return w.client, nil },
	})
	return w
}

// untagged is a world in virtual time, and a plan that deletes n manifests
// without tags.
func untagged(t *testing.T, n int) (*world, plan.Plan) {
	t.Helper()
	w := inVirtualTime(t)
	digests := make([]ref.Digest, n)
	for i := range digests {
		digests[i] = ref.Digest(w.registry.PushImage(repo, sandbox.Image{Layers: []string{tagName(i)}}))
	}
	return w, w.planDelete(t, plan.Selection{Digests: digests})
}

// watched carries out p, and counts the looks at manifests and the deletes.
func watched(t *testing.T, w *world, p plan.Plan) (r plan.Result, looks, deletes int) {
	t.Helper()
	before := len(w.registry.Requests())
	r = w.run(t, p, "")
	for _, request := range w.registry.Requests()[before:] {
		switch {
		case request.Method == http.MethodDelete:
			deletes++
		case request.Method == http.MethodHead && strings.Contains(request.Path, "/manifests/sha256:"):
			looks++
		}
	}
	return r, looks, deletes
}

func left(t *testing.T, w *world, p plan.Plan) int {
	t.Helper()
	n := 0
	for _, s := range p.Steps {
		if _, err := w.bare.Resolve(t.Context(), repo, string(s.Digest)); err == nil {
			n++
		}
	}
	return n
}

// Of many deletes the first 32 are looked at, and one in 16 of the others; a few
// are all looked at.
func TestManyDeletesAreLookedAtInSpots(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{64: 64, 400: 32 + (400-32)/16} {
		synctest.Test(t, func(t *testing.T) {
			w, p := untagged(t, n)
			r, looks, deletes := watched(t, w, p)
			allDone(t, r)
			if deletes != n || looks != want {
				t.Errorf("%d deletes of %d, %d looks, want %d", deletes, n, looks, want)
			}
		})
	}
}

// A registry that says that it is done and has done nothing is found out by the
// first look, and then nothing that it said counts.
func TestWhoeverOnlySaysSoIsNotBelieved(t *testing.T) {
	t.Parallel()
	for name, lie := range map[string]sandbox.Fault{"the first ten": {Times: 10}, "every eleventh": {Every: 11}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, p := untagged(t, 300)
				lie.Method, lie.Effect = http.MethodDelete, sandbox.Status{Code: http.StatusAccepted}
				w.registry.Inject(lie)
				r, looks, _ := watched(t, w, p)
				allDone(t, r)
				if n := left(t, w, p); n != 0 || looks < 300 {
					t.Errorf("%d are left after %d looks", n, looks)
				}
			})
		})
	}
}

// Where nothing is ever done, every step is reported as failed, or in doubt where nobody
// has looked any more how it ended.
func TestNothingIsDone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, p := untagged(t, 200)
		w.registry.Inject(sandbox.Fault{Method: http.MethodDelete, Effect: sandbox.Status{Code: http.StatusAccepted}})
		r := w.run(t, p, "")
		if r.Failed+r.InDoubt != 200 || r.Failed == 0 || !strings.Contains(r.Steps[199].Error, "shows no change") {
			t.Errorf("%d failed, %d are in doubt, the last: %+v", r.Failed, r.InDoubt, r.Steps[199])
		}
	})
}

// What others wait for is looked at before they start: no child goes while its
// index only seems to be gone.
func TestAnIndexIsLookedAtBeforeItsChildrenGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := inVirtualTime(t)
		var digests []ref.Digest
		indexes := map[string]bool{}
		for i := range 100 {
			child := w.registry.PushImage(repo, sandbox.Image{Layers: []string{tagName(i)}})
			index := w.registry.PushIndex(repo, child)
			digests, indexes[index] = append(digests, ref.Digest(index)), true
		}
		p := w.planDelete(t, plan.Selection{Digests: digests})
		w.registry.Inject(sandbox.Fault{
			Method: http.MethodDelete, Effect: sandbox.Status{Code: http.StatusAccepted},
			Match: func(r *http.Request) bool { return indexes[r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]] },
		})
		r := w.run(t, p, "")
		if n := left(t, w, p); n != 200 || r.Failed != 100 || r.Skipped != 100 {
			t.Errorf("%d of 200 are left, %d failed, %d skipped", n, r.Failed, r.Skipped)
		}
	})
}
