package run_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// A dummy that cannot be deleted is named in what is said of the step: by digest and
// repository, so that it can be deleted.
func TestADummyThatStaysIsNamed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusTooManyRequests, http.StatusForbidden, http.StatusBadGateway} {
		synctest.Test(t, func(t *testing.T) {
			w, _ := racing(t, sandbox.Quirks{NoTagDelete: true}, httpx.HostOptions{})
			fill(w.registry)
			p := w.planUntag(t, "a")
			if p.Steps[0].Kind != plan.UntagByDummy {
				t.Fatalf("%+v", p.Steps)
			}
			w.registry.Inject(sandbox.Fault{Method: http.MethodDelete, Effect: sandbox.Status{Code: status}})
			r := w.run(t, p, "")
			_, dummy := oci.Dummy("run " + r.Run + " step 1 " + p.Steps[0].Reference.String())
			at := ref.Reference{Host: host, Repository: repo, Digest: dummy}
			if r.Failed+r.InDoubt != 1 || !strings.Contains(r.Steps[0].Error, "the dummy manifest "+at.String()+" is still there") {
				t.Errorf("%d: %+v", status, r)
			}
		})
	}
}

// A tag that was left on a dummy goes back where it was: undo deletes the dummy first.
func TestUndoTakesATagOffItsDummy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Quirks: sandbox.Quirks{NoTagDelete: true}})
	fill(w.registry)
	p := w.planUntag(t, "a")
	tag := sandbox.Fault{Match: func(r *http.Request) bool {
		// What goes back to the tag is longer than a dummy.
		return r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/manifests/a") && r.ContentLength > 400
	}, Effect: sandbox.Status{Code: http.StatusForbidden}}
	w.registry.Inject(sandbox.Fault{Method: http.MethodDelete, Effect: sandbox.Status{Code: http.StatusForbidden}})
	w.registry.Inject(tag)
	r := w.run(t, p, "")
	w.registry.ClearFaults()
	if got, _ := w.registry.Resolve(repo, "a"); r.InDoubt != 1 || r.Failed != 0 || ref.Digest(got) == p.Steps[0].Digest {
		t.Fatalf("%+v, a points to %q", r, got)
	}
	if j, err := w.journal.Run(t.Context(), r.Run); err != nil || !j.InDoubt(0) || j.State == journal.Done {
		t.Errorf("%v: the journal says %+v", err, j)
	}
	allDone(t, w.undo(t, r.Run))
	if got, _ := w.registry.Resolve(repo, "a"); ref.Digest(got) != p.Steps[0].Digest {
		t.Errorf("undone, a points to %q", got)
	}
}

// A dummy that has lost its tag and could not be deleted goes with the next undo or the
// next going on, also where the tag is nobody's any more; until then the journal names it.
func TestALooseDummyGoesLater(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"undo", "resume", "undo refused", "resume refused"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Quirks: sandbox.Quirks{NoTagDelete: true}})
			digests := fill(w.registry)
			p := w.planUntag(t, "a", "one")
			var refused atomic.Pointer[string]
			w.registry.Inject(sandbox.Fault{Effect: sandbox.Status{Code: http.StatusForbidden}, Match: func(r *http.Request) bool {
				d := refused.Load()
				return r.Method == http.MethodDelete && (d == nil || strings.HasSuffix(r.URL.Path, *d))
			}})
			r := w.run(t, p, "")
			_, dummy := oci.Dummy("run " + r.Run + " step 1 " + p.Steps[0].Reference.String())
			// Somebody takes the tag for something else.
			w.registry.Tag(repo, p.Steps[0].Reference.Tag, string(digests["arm"]), clock())
			only := "nothing"
			if strings.HasSuffix(how, "refused") {
				only = string(dummy)
			}
			refused.Store(&only)
			if strings.HasPrefix(how, "undo") {
				j, err := w.journal.Run(t.Context(), r.Run)
				must(t, err)
				u, err := survey.Undo(t.Context(), w.client, w.keeper(), j, plan.Options{At: clock()}, nil)
				must(t, err)
				w.run(t, u.Plan, r.Run)
			} else {
				again, err := w.runner.Resume(t.Context(), r.Run, false)
				must(t, err)
				_, err = again.Wait()
				must(t, err)
			}
			_, err := w.bare.Resolve(t.Context(), repo, string(dummy))
			j, jerr := w.journal.Run(t.Context(), r.Run)
			must(t, jerr)
			there, named := err == nil, strings.Contains(j.Steps[0].Error, dummy.Short())
			if stays := only != "nothing"; there != stays || named != stays {
				t.Errorf("the dummy is there: %v, named: %v (%s)", there, named, j.Steps[0].Error)
			}
		})
	}
}
