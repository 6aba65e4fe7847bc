package run_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/sandbox"
)

// What a registry takes along with its subject was kept first, and comes back.
func TestReferrersThatTheRegistryTakesAlongComeBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.client = w.bare // nothing is known but what the run keeps
	digests := fill(w.registry)
	first := state(t, w.bare, digests)
	p := w.planDelete(t, plan.Selection{Digests: []ref.Digest{digests["one"]}})
	w.registry.Inject(sandbox.Fault{
		Method: http.MethodDelete, Prefix: "/v2/" + repo + "/manifests/" + string(digests["one"]), Times: 1,
		Effect: sandbox.Afterwards{Do: func() { w.registry.DropManifest(repo, string(digests["sbom"])) }},
	})
	r := w.run(t, p, "")
	allDone(t, r)
	for i, s := range r.Steps {
		if p.Steps[i].Kind == plan.Delete && s.Outcome != plan.Done {
			t.Errorf("the delete of %s is %s: the run has taken it away", s.Digest.Short(), s.Outcome)
		}
	}
	if _, there := state(t, w.bare, digests)["manifest sbom"]; there {
		t.Fatal("the registry did not take the referrer along")
	}
	allDone(t, w.undo(t, r.Run))
	same(t, first, state(t, w.bare, digests))
}

// What a registry did although it said that it is too busy is not asked for once more.
func TestWhatIsDoneIsNotAskedForAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _ := racing(t, sandbox.Quirks{}, httpx.HostOptions{})
		d := w.registry.PushImage(repo, sandbox.Image{Layers: []string{"one"}})
		w.registry.Tag(repo, "one", d, clock())
		p, err := plan.ToRetag([]plan.View{w.view(t, ref.Digest(d))}, []plan.Move{{
			From: ref.Reference{Host: host, Repository: repo, Digest: ref.Digest(d)},
			To:   ref.Reference{Host: host, Repository: repo, Tag: "two"},
		}}, plan.Options{At: clock()})
		must(t, err)
		busy := sandbox.Fault{Method: http.MethodPut, Prefix: "/v2/" + repo + "/manifests/two", Times: 1}
		did := busy
		did.Effect = sandbox.Meanwhile{Do: func() { w.registry.Tag(repo, "two", d, clock()) }}
		busy.Effect = sandbox.Status{Code: http.StatusTooManyRequests}
		w.registry.Inject(did)
		w.registry.Inject(busy)
		allDone(t, w.run(t, p, ""))
		asked := 0
		for _, r := range w.registry.Requests() {
			if r.Method == http.MethodPut && strings.HasSuffix(r.Path, "/manifests/two") {
				asked++
			}
		}
		if asked != 1 {
			t.Errorf("it was asked for %d times", asked)
		}
	})
}
